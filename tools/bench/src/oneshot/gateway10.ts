import { createGateway } from "./gatewayTools.ts";

/** A gateway with 10 tools. */
export const answer = createGateway(10);
