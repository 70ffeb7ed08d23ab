export {
  admit,
  claim,
  closeLost,
  drain,
  finish,
  forget,
  start,
} from "@convex-mcp/convex-adapter/component/taskRuns";
