export { drain } from "@convex-mcp/convex-adapter/component/expiry";
