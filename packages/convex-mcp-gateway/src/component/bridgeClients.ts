export { find, findDocument, list, save } from "@convex-mcp/convex-adapter/component/bridgeClients";
