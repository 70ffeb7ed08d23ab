export { list } from "@convex-mcp/convex-adapter/component/reading";
