import type { BridgeEvent } from "@convex-mcp/auth/bridge";
import { countRefusal } from "../calls/record.ts";
import type { Entry } from "../component/shared.ts";
import type { RunMutationCtx } from "../ctx.ts";
import type { BridgeAudit } from "./recorder.ts";
import type { BridgeTables } from "./store.ts";

/** What entries of refusals are about, by the endpoint; all others are about sign-ins. */
const KINDS: ReadonlyMap<string, Entry["kind"]> = new Map([
  ["register", "registration"],
  ["authorize", "consent"],
  ["consent", "consent"],
]);

/** Counts a refusal, where an app wants that, in rows of which there are as many as minutes and reasons. */
export async function countBridgeRefusal(
  component: BridgeTables,
  ctx: RunMutationCtx,
  audit: BridgeAudit,
  { endpoint, error }: BridgeEvent,
): Promise<void> {
  // What failed was not refused.
  if (error === "server_error") return;
  const kind = KINDS.get(endpoint) ?? "auth";
  await countRefusal({ component, audit }, ctx, `${endpoint}: ${error}`, { kind });
}
