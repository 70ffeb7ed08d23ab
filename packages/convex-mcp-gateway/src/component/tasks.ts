export { answer, cancel, get, questions } from "@convex-mcp/convex-adapter/component/tasks";
