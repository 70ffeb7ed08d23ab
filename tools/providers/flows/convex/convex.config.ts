import mcpGateway from "convex-mcp-gateway/convex.config";
import { defineApp } from "convex/server";

const app = defineApp();
app.use(mcpGateway);

export default app;
