import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startConvexServer } from "convex-server";
import { memoryStores, sqliteStores, startNodeServer } from "node-server";

/** A server of ours to run the suite against. */
export interface Target {
  /** As it is printed, and named in the file of expected failures. */
  readonly name: string;
  readonly start: () => Promise<Running>;
}

/** A target that listens. */
export interface Running {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The servers that have to pass. Each serves the same fixtures. */
export const targets: readonly Target[] = [
  {
    name: "node-server memory",
    start: () => startNodeServer({ port: 0, stores: memoryStores(), onError: ignore }),
  },
  {
    name: "node-server sqlite",
    start: async () => {
      const directory = await mkdtemp(join(tmpdir(), "conformance-"));
      const stores = sqliteStores(join(directory, "mcp.db"));
      const { url, close } = await startNodeServer({ port: 0, stores, onError: ignore });
      return {
        url,
        close: async () => {
          await close();
          await rm(directory, { recursive: true });
        },
      };
    },
  },
  {
    name: "convex",
    start: () => startConvexServer({ port: 0 }),
  },
];

// Some fixtures fail on purpose; whether the answer is right is the suite's business.
function ignore(): void {}
