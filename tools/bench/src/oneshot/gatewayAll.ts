import http from "gateway-app/http";
import { answerThrough } from "./stubContext.ts";

/** The whole graph of the test app's `http.ts`, which mounts a gateway for each feature. */
export const answer = (request: Request): Promise<Response> => answerThrough(http, request);
