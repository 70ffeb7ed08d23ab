export { redeem } from "@convex-mcp/convex-adapter/component/continuations";
