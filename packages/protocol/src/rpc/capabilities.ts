import type { JsonObject } from "../wire/json.ts";
import type { Revision } from "../wire/versions.ts";
import type { Feature } from "./exchange.ts";

/** What a server declares: the families of all its features, merged. */
export function capabilitiesOf<C, P>(
  features: readonly Feature<C, P>[],
  revision: Revision,
): JsonObject {
  const merged: Record<string, JsonObject> = {};
  for (const { capabilities } of features) {
    for (const [family, settings] of Object.entries(capabilities?.(revision) ?? {})) {
      merged[family] = { ...merged[family], ...settings };
    }
  }
  return merged;
}
