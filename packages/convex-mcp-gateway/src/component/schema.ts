export { default } from "@convex-mcp/convex-adapter/component/schema";
