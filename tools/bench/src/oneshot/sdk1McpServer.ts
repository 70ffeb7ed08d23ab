import { sdk1McpServer } from "../servers/sdk1.ts";

/** The official SDK, version 1: the high-level server. */
export const answer = sdk1McpServer.stateless(10);
