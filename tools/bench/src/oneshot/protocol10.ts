import { ours } from "../servers/ours.ts";

/** The protocol core with 10 tools. */
export const answer = ours.stateless(10);
