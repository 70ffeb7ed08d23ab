import { vi } from "vitest";
import { components } from "../app/_generated/api.js";
import { listAuditEntries } from "../../src/auditLog.ts";
import type { startApp } from "./mcp.ts";

type App = Pick<ReturnType<typeof startApp>, "t">;

/** Closes the minute, so that what was counted in it becomes entries. The clock stays there: `vi.useRealTimers` gives it back. */
export async function closeMinute({ t }: App): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * 60_000 });
  const { sealing } = components.mcpGateway as unknown as { sealing: { seal: never } };
  await t.run((ctx) => ctx.runMutation(sealing.seal, {}));
}

/** How often what was refused, by the reason. */
export async function refused(app: App): Promise<Record<string, number | undefined>> {
  await closeMinute(app);
  const { entries } = await app.t.run((ctx) =>
    listAuditEntries(ctx, components.mcpGateway, { kind: "auth", outcome: "denied" }),
  );
  return Object.fromEntries(entries.map(({ name, count }) => [name, count]));
}
