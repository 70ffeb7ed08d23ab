import type { Defence } from "../defence.ts";

const IN_A_LOG = "https://cwe.mitre.org/data/definitions/532.html" as const;
const payload = "packages/audit/src/payload.test.ts";
const redact = "packages/audit/src/redact.test.ts";
const text = "packages/audit/src/secretText.test.ts";
const guarantees = "packages/audit/test/guarantees.test.ts";
const recording = "packages/convex-mcp-gateway/test/recording.test.ts";

/** No secret stays in the log: not in arguments, not in texts, not in what a client says. */
export const redactionDefences: readonly Defence[] = [
  {
    threat: "The value of a name such as password stands in the log.",
    source: IN_A_LOG,
    file: "packages/audit/src/names.ts",
    remove: "secrets && !deep?.shown.has(name) && isSecretKey(name)",
    with: "false",
    tests: [
      `${payload} > censors the well-known names at any depth, and shows the rest`,
      `${redact} > well-known names are redacted unless a path shows them`,
      `${guarantees} > no value of a well-known name is shown`,
    ],
  },
  {
    threat: "A name is no secret any more because it is written in another style.",
    source: IN_A_LOG,
    file: "packages/audit/src/secrets.ts",
    remove: 'key.toLowerCase().replace(/[-_]/g, "")',
    with: "key",
    tests: [`${guarantees} > no value of a well-known name is shown`],
  },
  {
    threat: "A getter says something harmless first, and its secret when it is copied.",
    source: IN_A_LOG,
    file: "packages/audit/src/redact.ts",
    remove: "if (!treats && !changed) return object;",
    with: "if (!treats && !changed) return object;\n  for (const key in copy) if (isObject(copy[key])) copy[key] = (object as typeof copy)[key];",
    tests: [`${redact} > reads the fields of what it copies once`],
  },
  {
    threat: "A copy has a toJSON of its own, which shows the secret again.",
    source: IN_A_LOG,
    file: "packages/audit/src/redact.ts",
    remove: 'if (typeof copy["toJSON"] === "function") delete copy["toJSON"];',
    with: "",
    tests: [`${redact} > leaves no toJSON in a copy, which would show what it likes`],
  },
  {
    threat: "An object that is met again and again takes hours to walk.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/audit/src/shape.ts",
    remove: "shape.fields -= 1;",
    with: "",
    tests: [`${payload} > reads a million fields for each try to fit`],
  },
  {
    threat: "A list says something harmless first, and its secret when it is copied.",
    source: IN_A_LOG,
    file: "packages/audit/src/redact.ts",
    remove: "copy.push(next === DROPPED ? null : next);",
    with: "copy.push(next === item ? read(array, i) : next);",
    tests: [`${redact} > reads the items of what it copies once`],
  },
  {
    threat: "A getter says something harmless first, and its secret when it is written.",
    source: IN_A_LOG,
    file: "packages/audit/src/shape.ts",
    remove: "const next = showAs(treatment, field, below, shape);",
    with: "const next = showAs(treatment, read(object, key), below, shape);",
    tests: [`${payload} > reads every property once, so that a getter cannot change its mind`],
  },
  {
    threat: "A secret hides in a text of JSON within JSON.",
    source: IN_A_LOG,
    file: "packages/audit/src/secretText.ts",
    remove: "(\\\\{0,7}[\"']|)\\b",
    with: "([\"']|)\\b",
    tests: [
      `${text} > redactText {"body":`,
      `${guarantees} > a secret of a known form is hidden, wherever it stands`,
    ],
  },
  {
    threat: "A text shows all secrets of a list but the first.",
    source: IN_A_LOG,
    file: "packages/audit/src/secretText.ts",
    remove: "[[{].*|",
    with: "",
    tests: [`${text} > redactText {"token":["abc","def"]}`],
  },
  {
    threat: "A text shows all cookies of a line but the first.",
    source: IN_A_LOG,
    file: "packages/audit/src/secretText.ts",
    remove: "? LINE : VALUE",
    with: "? VALUE : VALUE",
    tests: [`${text} > redactText Cookie: sid=abc`, `${text} > redactText Authorization: AWS4`],
  },
  {
    threat: "A text that is too long to be searched is shown.",
    source: IN_A_LOG,
    file: "packages/audit/src/secretText.ts",
    remove: "text.length > MAX_CHARS) return censor;",
    with: "text.length > MAX_CHARS) return text;",
    tests: [`${text} > shows nothing of what is too long to be searched`],
  },
  {
    threat: "A secret in the text of an error stands in the log.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/calls/record.ts",
    remove: "free[field] = redactText(text);",
    with: "free[field] = text;",
    tests: [`${recording} > thrown at every layer reach neither the caller nor the log`],
  },
  {
    threat: "A secret in the name of a tool that there is not stands in the log.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/calls/toolCatalog.ts",
    remove: "tool: redactText(call.name) }",
    with: "tool: call.name }",
    tests: [`${recording} > thrown at every layer reach neither the caller nor the log`],
  },
  {
    threat: "A secret in what a client says of itself stands in the log.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/calls/client.ts",
    remove: "return redactText(value",
    with: "return (value",
    tests: [`${recording} > thrown at every layer reach neither the caller nor the log`],
  },
  {
    threat: "A secret in what a browser says of itself stands in the log of the bridge.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/bridge/recorder.ts",
    remove: "userAgent: fitted.userAgent,",
    with: "userAgent,",
    tests: [
      "packages/convex-adapter/test/bridgeStore.test.ts > bounds what a request says of where it comes from",
    ],
  },
  {
    threat: "What somebody types where there is nothing to complete stands in the log.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/completion/source.ts",
    remove: "...(known ? readArgs(",
    with: "...(true ? readArgs(",
    tests: [`${recording} > is every list of a user, and how completions went`],
  },
  {
    threat: "Arguments that nobody has checked stand in the log, where no path of a rule leads.",
    source: IN_A_LOG,
    file: "packages/convex-adapter/src/calls/entry.ts",
    remove: 'return typeof redaction === "object" ? "drop" : redaction;',
    with: "return redaction;",
    tests: ["packages/convex-adapter/test/unchecked.test.ts > arguments that nobody has checked"],
  },
  {
    threat: "A letter that some readers take for the end of a line forges an entry.",
    source: "https://cwe.mitre.org/data/definitions/117.html",
    file: "packages/audit/src/sink.ts",
    remove: "/[\\u0085\\u2028\\u2029]/g",
    with: "/[]/g",
    tests: [
      "packages/audit/src/sink.test.ts > leaves no letter that any reader takes for the end of a line",
    ],
  },
];
