import type { Section } from "./markdown.ts";

/** Runs one suite and prints what it has to say as JSON: a process of its own leaves no garbage for the next. */
const SUITES: Readonly<Record<string, () => Promise<Section>>> = {
  oneshot: async () => (await import("./suites/oneshot.ts")).oneshotSuite(),
  protocol: async () => (await import("./suites/protocol.ts")).protocolSuite(),
  redaction: async () => (await import("./suites/redaction.ts")).redactionSuite(),
  auth: async () => (await import("./suites/auth.ts")).authSuite(),
  guards: async () => (await import("./suites/guards.ts")).guardsSuite(),
  memory: async () => (await import("./suites/memory.ts")).memorySuite(),
};

const [name = ""] = process.argv.slice(2);
const section = await SUITES[name]?.();
if (section === undefined) throw new Error(`There is no suite "${name}".`);
console.log(JSON.stringify(section));
