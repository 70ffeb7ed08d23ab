export {
  add,
  claim,
  list,
  redeem,
  revoke,
  revokeAll,
  settle,
} from "@convex-mcp/convex-adapter/component/bridgeGrants";
