import { randomBytes } from "node:crypto";
import {
  askByMail,
  askInRounds,
  createMcpHandler,
  memoryChanges,
  memoryTasks,
  memoryTools,
  resumption,
  serveChanges,
  serveCompletion,
  servePrompts,
  serveResources,
  serveTasks,
  streaming,
} from "@convex-mcp/protocol";
import type { Feature, McpHandler } from "@convex-mcp/protocol";
import { completion, promptCatalog, resourceCatalog, toolsWith } from "./catalogs.ts";
import type { Principal, Stores } from "./stores.ts";

const ownerOf = (principal: Principal) => principal;

/** What an endpoint is made of. */
export interface EndpointOptions {
  /** The URL that clients are given: requests under other host names are refused. */
  readonly url: string;
  readonly stores: Stores;
  /** Told what goes wrong. Default: standard error. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The MCP endpoint with everything that the protocol core offers, open to whoever reaches it. */
export function createEndpoint(options: EndpointOptions): McpHandler<undefined> {
  const { url, stores, onError = console.error } = options;
  const { sessions } = stores;
  const feed = memoryChanges<undefined, Principal>({
    kinds: ["tools", "prompts", "resources", "resource", "task"],
  });
  const tasks = memoryTasks<undefined, Principal>({
    ownerOf,
    pollIntervalMs: 100,
    onChange: (task) => feed.publish({ kind: "task", task }),
    onError,
  });
  const features: readonly Feature<undefined, Principal>[] = [
    serveResources(resourceCatalog(sessions)),
    servePrompts(promptCatalog(sessions)),
    serveCompletion(completion(sessions)),
    serveTasks(tasks),
    serveChanges({
      feed,
      subscriptions: stores.subscriptions,
      authorize: async (caller, target) =>
        target.kind === "resource" || (await tasks.get(caller, target.taskId)) !== undefined,
    }),
    streaming({
      logs: stores.logs,
      cancellations: stores.cancellations,
      ask: [
        askByMail({ mailbox: stores.mailbox }),
        askInRounds({
          secret: randomBytes(32).toString("hex"),
          ownerOf,
          continuations: stores.continuations,
        }),
      ],
      resume: resumption({ events: stores.events, retryMs: 500 }),
    }),
  ];
  return createMcpHandler<undefined, Principal>({
    serverInfo: { name: "node-server", version: "0.0.0", title: "MCP on Node, without Convex" },
    authenticate: () => ({ ok: true, principal: "local" }),
    sessions,
    tools: memoryTools({ tools: toolsWith((change) => feed.publish(change)), sessions, tasks }),
    features,
    hosts: { canonical: url, allowed: [`127.0.0.1:${new URL(url).port}`] },
    onError,
  });
}
