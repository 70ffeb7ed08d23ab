export { seal } from "@convex-mcp/convex-adapter/component/sealing";
