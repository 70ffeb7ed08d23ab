import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Goal } from "../goal.ts";
import { compete, type Contestant, type Standings } from "../harness.ts";
import { formatRatio, round, type Section } from "../markdown.ts";
import { median, type Ratio } from "../stats.ts";

const VARIANTS = [
  { name: "ours, 10 tools", args: ["ours", "10"] },
  { name: "ours, 200 tools", args: ["ours", "200"] },
  { name: "v2 Server, 10 tools", args: ["sdk2Server", "10"] },
  { name: "v2 McpServer, 10 tools", args: ["sdk2McpServer", "10"] },
  { name: "v1 Server, 10 tools", args: ["sdk1Server", "10"] },
  { name: "v1 McpServer, 10 tools", args: ["sdk1McpServer", "10"] },
] as const;

const BASE = VARIANTS[0].name;
const ROUNDS = 3;
const run = promisify(execFile);

/** What a session keeps in memory, each measurement in a process of its own. */
export async function memorySuite(): Promise<Section> {
  const contestants: Contestant[] = VARIANTS.map(({ name, args }) => ({
    name,
    round: () => bytesOfSession(args),
  }));
  const standings = await compete(contestants, ROUNDS);
  return {
    title: "Memory of a session",
    about: [
      "The heap that each of 4,000 sessions keeps after `initialize`, in a fresh process for each variant and round.",
      "Ours belong to 4,000 different users, which is what costs most.",
    ].join("\n"),
    tables: [
      {
        caption: `Median of ${ROUNDS} processes`,
        head: ["variant", "KB a session", "x ours"],
        rows: VARIANTS.map(({ name }) => [
          name,
          round(median(standings.costs(name)) / 1024),
          formatRatio(standings.ratio(name, BASE)),
        ]),
      },
    ],
    goals: goals(standings),
  };
}

function goals(standings: Standings): Goal[] {
  const ahead = (other: string, limit: number): Goal => ({
    number: 8,
    promise: `${other} over ours`,
    limit,
    bound: "atLeast",
    measured: standings.ratio(other, BASE),
  });
  return [
    {
      number: 8,
      promise: "KB a session",
      limit: 2,
      bound: "atMost",
      measured: kilobytes(standings.costs(BASE)),
    },
    {
      number: 8,
      promise: "200 tools over 10",
      limit: 1.1,
      bound: "atMost",
      measured: standings.ratio("ours, 200 tools", BASE),
    },
    ahead("v2 Server, 10 tools", 3),
    ahead("v1 Server, 10 tools", 14),
  ];
}

function kilobytes(bytes: readonly number[]): Ratio {
  const middle = median(bytes) / 1024;
  const least = Math.min(...bytes) / 1024;
  return { median: middle, p10: least, p90: Math.max(...bytes) / 1024, minMin: least };
}

async function bytesOfSession(args: readonly string[]): Promise<number> {
  const child = fileURLToPath(new URL("../memory/child.js", import.meta.url));
  const { stdout } = await run(process.execPath, ["--expose-gc", child, ...args]);
  return Number(stdout);
}
