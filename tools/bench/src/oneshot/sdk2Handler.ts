import { sdk2Handler } from "../servers/sdk2.ts";

/** The official SDK, version 2: its handler over the high-level server. */
export const answer = sdk2Handler.stateless(10);
