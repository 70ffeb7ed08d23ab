export { open } from "@convex-mcp/convex-adapter/component/listeners";
