import { isDeepStrictEqual } from "node:util";
import { createRedactor } from "@convex-mcp/audit";
import { type Goal, worst } from "../goal.ts";
import { measure, type Operation, type Standings } from "../harness.ts";
import { ratioTable, type Section } from "../markdown.ts";
import { DOOR_BASE, doors } from "../redaction/doors.ts";
import { NAMES, PATH_SETS, PAYLOADS } from "../redaction/payload.ts";
import {
  copiers,
  nativeReplacer,
  payloadWriter,
  type Redactor,
  writers,
} from "../redaction/redactors.ts";
import { setPaths, toSteps } from "../redaction/setPaths.ts";
import { treaters } from "../redaction/treatments.ts";

const BASE = "JSON.stringify";
const REPLACER = "native replacer";
const PLAN = { rounds: 15, sliceMs: 10 };

/** One row: a payload of so many KB and what is redacted of it. */
interface Cell {
  readonly size: number;
  readonly paths: string;
  readonly standings: Standings;
}

/** Redaction to an object and to a text, relative to `JSON.stringify` of the same value. */
export async function redactionSuite(): Promise<Section> {
  const copies = await measurePaths(copiers);
  const texts = await measurePaths([...writers, payloadWriter]);
  const names = await measureNames();
  const treated = await measureTreatments();
  const others = await measureDoors();
  return {
    title: "Redaction",
    about: [
      "A tool's payload of 1, 10 and 100 KB. A wildcard reaches into every row of it. `fast-redact` compiles code, which",
      "Convex forbids, and works on the original, which it then repairs. The payload writer does more than its",
      "neighbours: it also hides secret names at any depth, counts bytes and keeps limits. Its text is made of pieces, which",
      "are joined within the measurement. For headers ours does more as well: it looks for secrets in the values of all.",
    ].join("\n"),
    tables: [
      toTable("From object to redacted object; x JSON.stringify", copiers, copies),
      toTable("From object to redacted text; x JSON.stringify", [...writers, payloadWriter], texts),
      ratioTable({
        caption: `${NAMES.length} names at any depth; x JSON.stringify`,
        of: "payload",
        base: BASE,
        columns: ["ours", "ours, then stringify", payloadWriter.name, REPLACER],
        results: names.map(({ size, standings }) => [`${size} KB`, standings]),
      }),
      ratioTable({
        caption: "Treatments of two fields of each row, 10 KB; x JSON.stringify",
        of: "treatment",
        base: BASE,
        columns: copiers.map(({ name }) => name),
        results: treated,
      }),
      ratioTable({
        caption: `What else holds secrets; x ${DOOR_BASE}`,
        of: "from, to",
        base: DOOR_BASE,
        columns: ["ours", "@pinojs/redact", "fast-redact", REPLACER],
        results: others,
      }),
    ],
    goals: [...copyGoals(copies), ...textGoals(texts), ...nameGoals(names)],
  };
}

async function measurePaths(redactors: readonly Redactor[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const [size, payload] of PAYLOADS) {
    for (const [label, paths] of PATH_SETS) {
      const expected = setPaths(structuredClone(payload), paths.map(toSteps));
      const operations: Operation[] = [stringify(payload)];
      for (const redactor of redactors) {
        const redact = redactor.create(paths);
        expectRedacted(redactor, redact(payload), { payload, expected });
        operations.push({ name: redactor.name, run: () => redact(payload) });
      }
      cells.push({ size, paths: label, standings: await measure(operations, PLAN) });
    }
  }
  return cells;
}

const TREATMENTS = ["redact", "mask", "hash", "drop"] as const;
const TREATED = ["items[*].email", "items[*].phone"];

async function measureTreatments(): Promise<[string, Standings][]> {
  const payload = PAYLOADS.get(10);
  const results: [string, Standings][] = [];
  for (const treatment of TREATMENTS) {
    const operations: Operation[] = [stringify(payload)];
    let agreed: unknown;
    for (const { name, create } of treaters(treatment)) {
      const redact = create(TREATED);
      const result: unknown = JSON.parse(JSON.stringify(redact(payload)));
      agreed ??= result;
      // `fast-redact` has put everything back by now.
      if (name !== "fast-redact" && !isDeepStrictEqual(result, agreed)) {
        throw new Error(`${name} has another ${treatment} than the others.`);
      }
      operations.push({ name, run: () => redact(payload) });
    }
    results.push([treatment, await measure(operations, PLAN)]);
  }
  const shows = createRedactor({ verbatim: ["headers.authorization"] });
  const operations = [stringify(payload), { name: "ours", run: () => shows(payload) }];
  results.push(["all secret names but one (`verbatim`)", await measure(operations, PLAN)]);
  return results;
}

async function measureDoors(): Promise<[string, Standings][]> {
  const results: [string, Standings][] = [];
  for (const [name, operations] of doors()) results.push([name, await measure(operations, PLAN)]);
  return results;
}

async function measureNames(): Promise<Cell[]> {
  const cells: Cell[] = [];
  const paths = NAMES.map((name) => `**.${name}`);
  const replace = nativeReplacer(NAMES);
  const redactors = [...copiers.slice(0, 1), ...writers.slice(0, 1), payloadWriter];
  for (const [size, payload] of PAYLOADS) {
    const operations: Operation[] = [
      stringify(payload),
      { name: REPLACER, run: () => replace(payload) },
    ];
    for (const { name, create } of redactors) {
      const redact = create(paths);
      operations.push({ name, run: () => redact(payload) });
    }
    cells.push({ size, paths: "names", standings: await measure(operations, PLAN) });
  }
  return cells;
}

function stringify(payload: unknown): Operation {
  return { name: BASE, run: () => JSON.stringify(payload) };
}

/** Nobody is measured who leaves something in, or changes the original. */
function expectRedacted(
  { name }: Redactor,
  result: unknown,
  { payload, expected }: { payload: unknown; expected: unknown },
): void {
  const value: unknown = typeof result === "string" ? JSON.parse(result) : result;
  const wanted = name === "fast-redact" && typeof result !== "string" ? payload : expected;
  const fits =
    name === payloadWriter.name
      ? hidesAtLeast(value, expected)
      : isDeepStrictEqual(JSON.parse(JSON.stringify(value)), wanted);
  if (!fits) throw new Error(`${name} redacts something else than the others.`);
}

/** Whether one value is the other with more of it redacted. */
function hidesAtLeast(value: unknown, than: unknown): boolean {
  if (value === "[redacted]" || value === than) return true;
  if (typeof value !== "object" || typeof than !== "object" || !value || !than) return false;
  const names = Object.keys(than);
  if (Object.keys(value).length !== names.length) return false;
  return names.every((name) => hidesAtLeast(value[name as never], than[name as never]));
}

function toTable(caption: string, redactors: readonly Redactor[], cells: readonly Cell[]) {
  return ratioTable({
    caption,
    of: "payload, paths",
    base: BASE,
    columns: redactors.map(({ name }) => name),
    results: cells.map((cell) => [nameCell(cell), cell.standings]),
  });
}

function nameCell({ size, paths }: Cell): string {
  return `${size} KB, ${paths}`;
}

interface Wanted {
  readonly number: number;
  readonly promise: string;
  readonly cost: string;
  readonly base: string;
  readonly bound: Goal["bound"];
  readonly limit: number;
}

function overCells(cells: readonly Cell[], { cost, base, ...goal }: Wanted): Goal {
  return worst(
    cells.map((cell) => ({
      ...goal,
      measured: cell.standings.ratio(cost, base),
      where: nameCell(cell),
    })),
  );
}

function copyGoals(cells: readonly Cell[]): Goal[] {
  const wanted = { number: 9, cost: "ours", base: BASE, bound: "atMost" } as const;
  const isExact = ({ paths }: Cell) => !paths.includes("wildcard");
  const isLong = ({ paths }: Cell) => paths === "20 exact" || paths === "15 exact, 5 wildcards";
  const of = (paths: string) => cells.filter((cell) => cell.paths === paths);
  const ahead = (promise: string, over: readonly Cell[], cost: string, limit: number) =>
    overCells(over, { number: 9, promise, cost, base: "ours", bound: "atLeast", limit });
  return [
    overCells(cells.filter(isExact), { ...wanted, promise: "copy, exact paths", limit: 0.35 }),
    overCells(
      cells.filter((cell) => isExact(cell) && cell.size === 10),
      { ...wanted, promise: "copy, exact paths, 10 KB", limit: 0.06 },
    ),
    overCells(of("1 wildcard"), {
      ...wanted,
      promise: "copy, a wildcard over all rows",
      limit: 0.25,
    }),
    overCells(of("15 exact, 5 wildcards"), { ...wanted, promise: "copy, 20 mixed", limit: 0.65 }),
    ahead("copy: @pinojs/redact over ours", cells, "@pinojs/redact", 1.7),
    ahead("copy: structuredClone, then set, over ours", cells, "structuredClone, then set", 4),
    ahead("copy: JSON round trip, then set, over ours", cells, "JSON round trip, then set", 4),
    ahead("copy, 20 paths: fast-redact over ours", cells.filter(isLong), "fast-redact", 1),
    overCells(
      cells.filter((cell) => !isLong(cell)),
      {
        ...wanted,
        promise: "copy, fewer paths: ours over fast-redact",
        base: "fast-redact",
        limit: 6,
      },
    ),
  ];
}

function textGoals(cells: readonly Cell[]): Goal[] {
  const wanted = { number: 10, base: BASE, bound: "atMost", limit: 1.65 } as const;
  const plain = "ours, then stringify";
  return [
    overCells(cells, { ...wanted, promise: "text: redact, then stringify", cost: plain }),
    overCells(cells, { ...wanted, promise: "text: payload writer", cost: payloadWriter.name }),
  ];
}

function nameGoals(cells: readonly Cell[]): Goal[] {
  const wanted = { number: 10, base: BASE, bound: "atMost" } as const;
  const plain = "ours, then stringify";
  const ahead = (promise: string, base: string) =>
    overCells(cells, { number: 10, promise, cost: REPLACER, base, bound: "atLeast", limit: 1 });
  return [
    overCells(cells, { ...wanted, promise: "names at any depth: copy", cost: "ours", limit: 0.65 }),
    overCells(cells, { ...wanted, promise: "names at any depth: text", cost: plain, limit: 1.65 }),
    ahead("names at any depth: native replacer over ours", plain),
    ahead("names at any depth: native replacer over the payload writer", payloadWriter.name),
  ];
}
