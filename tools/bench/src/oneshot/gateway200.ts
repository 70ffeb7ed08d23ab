import { createGateway } from "./gatewayTools.ts";

/** A gateway with 200 tools. */
export const answer = createGateway(200);
