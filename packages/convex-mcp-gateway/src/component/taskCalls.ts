export { ask, caller, replyTo, tell } from "@convex-mcp/convex-adapter/component/taskCalls";
