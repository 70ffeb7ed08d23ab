export { cancel, close, open } from "@convex-mcp/convex-adapter/component/handles";
