import { createPayloadWriter, createRedaction, createRedactor } from "@convex-mcp/audit";
import pinoRedact from "@pinojs/redact";
import fastRedact from "fast-redact";
import { CENSOR } from "./censor.ts";
import { setPaths, toSteps } from "./setPaths.ts";

/** A way to redact: paths in, a function on values out. */
export interface Redactor {
  readonly name: string;
  readonly create: (paths: readonly string[]) => (value: unknown) => unknown;
}

/** From an object to a redacted object; `fast-redact` changes the original and changes it back. */
export const copiers: readonly Redactor[] = [
  { name: "ours", create: (paths) => createRedactor(paths, { secrets: false }) },
  {
    name: "@pinojs/redact",
    create: (paths) => pinoRedact({ paths: [...paths], censor: CENSOR, serialize: false }),
  },
  {
    name: "fast-redact",
    create: (paths) => {
      const redact = fastRedact({ paths: [...paths], censor: CENSOR, serialize: false });
      return (value) => {
        redact(value);
        return redact.restore(value);
      };
    },
  },
  {
    name: "structuredClone, then set",
    create: (paths) => {
      const steps = paths.map(toSteps);
      return (value) => setPaths(structuredClone(value), steps);
    },
  },
  {
    name: "JSON round trip, then set",
    create: (paths) => {
      const steps = paths.map(toSteps);
      return (value) => setPaths(JSON.parse(JSON.stringify(value)), steps);
    },
  },
];

/** From an object to the JSON text of the redacted object. */
export const writers: readonly Redactor[] = [
  {
    name: "ours, then stringify",
    create: (paths) => {
      const redact = createRedactor(paths, { secrets: false });
      return (value) => JSON.stringify(redact(value));
    },
  },
  {
    name: "@pinojs/redact",
    create: (paths) => pinoRedact({ paths: [...paths], censor: CENSOR }),
  },
  {
    name: "fast-redact",
    create: (paths) => fastRedact({ paths: [...paths], censor: CENSOR }),
  },
];

/** The same from our payload writer, which also hides secret names, measures, and keeps limits. */
export const payloadWriter: Redactor = {
  name: "ours, payload writer",
  create: (paths) => {
    const write = createPayloadWriter(createRedaction(paths), { bytes: 10_000_000 });
    // A text of many pieces is joined when it is first read.
    return (value) => {
      const { json } = write(value);
      json?.charCodeAt(0);
      return json;
    };
  },
};

/** What the language offers against names at any depth. */
export function nativeReplacer(names: readonly string[]): (value: unknown) => string {
  const hidden = new Set(names);
  return (value) =>
    JSON.stringify(value, (key, field: unknown) => (hidden.has(key) ? CENSOR : field));
}
