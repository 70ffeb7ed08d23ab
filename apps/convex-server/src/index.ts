export { startConvexServer } from "./server.ts";
export type { ConvexServer, ConvexServerOptions } from "./server.ts";
