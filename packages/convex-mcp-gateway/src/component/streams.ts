export { append, replay } from "@convex-mcp/convex-adapter/component/streams";
