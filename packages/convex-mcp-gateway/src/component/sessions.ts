export { check, create, drain, end, prune } from "@convex-mcp/convex-adapter/component/sessions";
