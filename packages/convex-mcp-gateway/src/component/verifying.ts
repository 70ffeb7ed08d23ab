export { page } from "@convex-mcp/convex-adapter/component/verifying";
