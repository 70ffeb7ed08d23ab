export { wish, wished } from "@convex-mcp/convex-adapter/component/cancellations";
