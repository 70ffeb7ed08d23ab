export {
  admit,
  claim,
  closeLost,
  finish,
  forget,
  start,
} from "@convex-mcp/convex-adapter/component/taskRuns";
