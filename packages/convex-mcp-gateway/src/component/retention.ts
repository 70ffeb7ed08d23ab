export { drain, drop, prune, pruneMore } from "@convex-mcp/convex-adapter/component/retention";
