import { createApiKey } from "@convex-mcp/auth/apikeys";
import { describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../component/_generated/component.js";
import { mcpApiKeys } from "./apiKeys.ts";
import type { IdentityRequest } from "./resolve.ts";

const { judge } = mcpApiKeys({ apikeys: {} } as Pick<ComponentApi, "apikeys">);

describe("a key that was used", () => {
  it("is good although that cannot be noted, as where many requests at once note it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { key } = await createApiKey();
    const row = { id: "k1", owner: "ann", name: "laptop", scopes: [], expiresAt: Date.now() + 1e6 };
    const ctx = {
      runQuery: () => Promise.resolve(row),
      runMutation: () => Promise.reject(new Error("conflict")),
    };
    const verdict = await judge({ ctx, token: key, resource: "" } as unknown as IdentityRequest);
    expect(verdict).toMatchObject({ ok: true, subject: "ann", issuer: "apikey:k1" });
    expect(log).toHaveBeenCalledOnce();
    expect(JSON.stringify(log.mock.calls)).not.toContain(key);
    log.mockRestore();
  });
});
