export { errata } from "./errata.ts";
export type { Erratum } from "./errata.ts";
export { revisions } from "./schemas.ts";
export type { Revision } from "./schemas.ts";
export { assertServerMessage, validateServerMessage } from "./validate.ts";
export type { AnsweredRequest } from "./validate.ts";
export { observe } from "./observe.ts";
export type { Observation, Report } from "./observe.ts";
