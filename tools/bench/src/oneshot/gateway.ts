import { httpRouter } from "convex/server";
import { mountTools } from "gateway-app/mounts";
import { answerThrough } from "./stubContext.ts";

const http = httpRouter();
mountTools(http);

/** The graph of an `http.ts` with tools alone: 4 gateways, 19 tools, 5 mounts. */
export const answer = (request: Request): Promise<Response> => answerThrough(http, request);
