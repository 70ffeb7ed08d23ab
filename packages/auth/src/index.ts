export { audienceMatches, audiencesOf } from "./audience.ts";
export { parseBearer } from "./bearer.ts";
export type { BearerResult } from "./bearer.ts";
export { challenge } from "./challenge.ts";
export type { BearerError, ChallengeParams } from "./challenge.ts";
export { parseChallenges } from "./challenges.ts";
export type { Challenge } from "./challenges.ts";
export { inTime } from "./deadline.ts";
export { createGuard } from "./guard.ts";
export type { GuardOptions, GuardResult, Refusal, Verdict } from "./guard.ts";
export {
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  WELL_KNOWN_PROTECTED_RESOURCE,
} from "./metadata.ts";
export type { ProtectedResourceMetadata, ProtectedResourceOptions } from "./metadata.ts";
export { decodeJwtPayload } from "./payload.ts";
export { isScopeToken, missingScopes, scopesOf } from "./scopes.ts";
export type { ScopeHierarchy } from "./scopes.ts";
