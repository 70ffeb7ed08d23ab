import { toolIndexes } from "../servers/tools.ts";
import { createArgs, createGateway } from "./gatewayTools.ts";

/** What is the app's own of 190 more tools. */
export const args = toolIndexes(190).map(createArgs);

/** A gateway with 10 tools. */
export const answer = createGateway(10);
