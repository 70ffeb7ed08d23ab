export { add, drain, remove } from "@convex-mcp/convex-adapter/component/subscriptions";
