export { find, keep } from "@convex-mcp/convex-adapter/component/answers";
