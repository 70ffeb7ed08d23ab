import { createRedactor, type Treatment } from "@convex-mcp/audit";
import { hmacSha256 } from "@convex-mcp/audit/hmac";
import pinoRedact from "@pinojs/redact";
import fastRedact from "fast-redact";
import { CENSOR } from "./censor.ts";
import type { Redactor } from "./redactors.ts";
import { type Change, setPaths, toSteps } from "./setPaths.ts";

const hash = hmacSha256("a key of the benchmark, 16 bytes or more");

/** What each treatment makes of a value, for those who have no such word. */
const CHANGES: Readonly<Record<Exclude<Treatment, "verbatim">, Change>> = {
  redact: () => CENSOR,
  mask: (value) => `****${String(value).slice(-4)}`,
  hash: (value) => hash(String(value)),
  drop: () => undefined,
};

/** Everybody who can do a treatment, to values from 12 characters on, and how. */
export function treaters(treatment: Exclude<Treatment, "verbatim">): readonly Redactor[] {
  const change = CHANGES[treatment];
  const options = treatment === "drop" ? { remove: true } : { censor: change };
  const copied = (name: string, copy: (value: unknown) => unknown): Redactor => ({
    name,
    create: (paths) => {
      const steps = paths.map(toSteps);
      return (value) => setPaths(copy(value), steps, change);
    },
  });
  return [
    {
      name: "ours",
      create: (paths) => createRedactor({ [treatment]: paths }, { hash, secrets: false }),
    },
    {
      name: "@pinojs/redact",
      create: (paths) => pinoRedact({ paths: [...paths], serialize: false, ...options }),
    },
    // It works on the original; where it takes fields away it cannot put them back.
    ...(treatment === "drop" ? [] : [fastTreater(change)]),
    copied("structuredClone, then set", (value) => structuredClone(value)),
    copied("JSON round trip, then set", (value) => JSON.parse(JSON.stringify(value))),
  ];
}

function fastTreater(censor: Change): Redactor {
  return {
    name: "fast-redact",
    create: (paths) => {
      const redact = fastRedact({ paths: [...paths], censor, serialize: false });
      return (value) => {
        redact(value);
        return redact.restore(value);
      };
    },
  };
}
