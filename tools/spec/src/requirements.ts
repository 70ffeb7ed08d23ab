import type { Requirement } from "./requirement.ts";
import { authorization } from "./requirements/authorization.ts";
import { features } from "./requirements/features.ts";
import { messages } from "./requirements/messages.ts";
import { streams } from "./requirements/streams.ts";

const all = { ...messages, ...streams, ...features, ...authorization };

/** The name of a requirement. */
export type RequirementId = keyof typeof all;

/** Everything that the specification asks of a server beyond the official suite, by name. */
export const requirements: Readonly<Record<RequirementId, Requirement>> = all;

/**
 * Says that the test which calls it holds a server to these requirements. It does nothing: `test/citations.test.ts` reads
 * the sources, and the compiler refuses ids that do not exist.
 */
export function verifies(..._ids: readonly [RequirementId, ...RequirementId[]]): void {}
