import { sdk2Server } from "../servers/sdk2.ts";

/** The official SDK, version 2: the low-level server. */
export const answer = sdk2Server.stateless(10);
