import http from "gateway-app";
import { answerThrough } from "./stubContext.ts";

/** The whole graph of an app's `http.ts`: 15 tools, mounted four times. */
export const answer = (request: Request): Promise<Response> => answerThrough(http, request);
