export { create, read } from "@convex-mcp/convex-adapter/component/secrets";
