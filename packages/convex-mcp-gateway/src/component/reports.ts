export { list, reply, replyTo, tell } from "@convex-mcp/convex-adapter/component/reports";
