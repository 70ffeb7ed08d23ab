import { sdk1Server } from "../servers/sdk1.ts";

/** The official SDK, version 1: the low-level server. */
export const answer = sdk1Server.stateless(10);
