export { arrived, open, put, take } from "@convex-mcp/convex-adapter/component/mailbox";
