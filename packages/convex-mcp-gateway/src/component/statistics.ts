export { read } from "@convex-mcp/convex-adapter/component/statistics";
