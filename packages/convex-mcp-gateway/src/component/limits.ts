export { drain, first, take, takeAll } from "@convex-mcp/convex-adapter/component/limits";
