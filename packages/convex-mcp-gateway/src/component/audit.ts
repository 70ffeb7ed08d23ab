export {
  begin,
  closeLost,
  drain,
  finish,
  prune,
  pruneMore,
  record,
} from "@convex-mcp/convex-adapter/component/audit";
