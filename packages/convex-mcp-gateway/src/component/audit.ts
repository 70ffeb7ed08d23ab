export { begin, closeLost, finish, record } from "@convex-mcp/convex-adapter/component/audit";
