export { erase, eraseMore } from "@convex-mcp/convex-adapter/component/erasure";
