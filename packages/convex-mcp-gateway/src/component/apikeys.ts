export { create, find, list, revoke, touch } from "@convex-mcp/convex-adapter/component/apikeys";
