export { look, publish } from "@convex-mcp/convex-adapter/component/changes";
