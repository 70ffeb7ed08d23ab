export { find, list, save } from "@convex-mcp/convex-adapter/component/bridgeClients";
