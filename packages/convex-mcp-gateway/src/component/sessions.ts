export {
  check,
  client,
  create,
  drain,
  end,
  prune,
  setLogLevel,
} from "@convex-mcp/convex-adapter/component/sessions";
