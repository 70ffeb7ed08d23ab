import { parseArgs } from "node:util";
import { startNodeServer } from "./server.ts";
import { sqliteStores } from "./sqlite/stores.ts";
import { memoryStores } from "./stores.ts";

const usage = "Usage: PORT=3000 node dist/main.js [--store memory|sqlite] [--file mcp.db]";
const { store, file } = parseArgs({
  options: {
    store: { type: "string", default: "memory" },
    file: { type: "string", default: "mcp.db" },
  },
}).values;
const port = Number(process.env["PORT"] ?? 3000);

if ((store !== "memory" && store !== "sqlite") || !Number.isInteger(port)) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const stores = store === "sqlite" ? sqliteStores(file) : memoryStores();
  const { url, close } = await startNodeServer({ port, stores });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Tasks that still run would keep the process.
    process.once(signal, () => void close().then(() => process.exit(0)));
  }
  console.log(`Ready. MCP endpoint: ${url}`);
}
