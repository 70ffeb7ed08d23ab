export { startNodeServer } from "./server.ts";
export type { NodeServer, NodeServerOptions } from "./server.ts";
export { sqliteStores } from "./sqlite/stores.ts";
export { memoryStores } from "./stores.ts";
export type { Principal, Stores } from "./stores.ts";
