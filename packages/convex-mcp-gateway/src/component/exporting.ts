export { advance, cursor, page } from "@convex-mcp/convex-adapter/component/exporting";
