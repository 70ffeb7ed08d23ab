export { count } from "@convex-mcp/convex-adapter/component/refusals";
