export { begin, take } from "@convex-mcp/convex-adapter/component/bridgeSignIns";
