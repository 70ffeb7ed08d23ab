import { ours } from "../servers/ours.ts";

/** The protocol core with 200 tools. */
export const answer = ours.stateless(200);
