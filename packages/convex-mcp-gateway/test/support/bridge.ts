/// <reference types="vite/client" />
import type { ComponentApi } from "@convex-mcp/convex-adapter";
import { convexTest } from "convex-test";
import { componentsGeneric, httpRouter } from "convex/server";
import { vi } from "vitest";
import type { World as AuthWorld } from "../../../auth/test/support/bridge.ts";
import { fakeUpstream, UPSTREAM } from "../../../auth/test/support/upstream.ts";
import {
  type BridgeMount,
  mcpBridge,
  type McpBridge,
  type McpBridgeOptions,
} from "../../src/index.ts";
import { register } from "../../src/test.ts";
import schema from "../app/schema.ts";

const generated = import.meta.glob("../app/_generated/*.js");
const component = componentsGeneric()["mcpGateway"] as unknown as ComponentApi;

type Changes = Partial<Omit<McpBridgeOptions, "upstream">> & {
  readonly upstream?: Partial<McpBridgeOptions["upstream"]>;
};

/** A bridge over the component, and nothing else. */
export function makeBridge({ upstream, ...changes }: Changes = {}): McpBridge {
  return mcpBridge(component, {
    secrets: ["a secret of the test, 32 characters or more"],
    upstream: {
      issuer: UPSTREAM,
      authorizationEndpoint: `${UPSTREAM}/authorize`,
      tokenEndpoint: `${UPSTREAM}/token`,
      revocationEndpoint: `${UPSTREAM}/revoke`,
      clientId: "bridge",
      clientSecret: "upstream secret",
      scopes: ["notes:read", "notes:write"],
      extraScopes: ["openid", "offline_access"],
      ...upstream,
    },
    ...changes,
  });
}

/** What the helpers of the auth package's tests ask of a world: here it is an app in convex-test, at the site of their constants. */
export type World = Pick<AuthWorld, "send" | "upstream"> & {
  readonly t: ReturnType<typeof convexTest>;
  readonly bridge: McpBridge;
};

/** An app whose routes are a bridge's, and those of others. */
export function createWorld(
  changes: Changes = {},
  others: readonly Changes[] = [],
  mount: BridgeMount = {},
): World & AuthWorld {
  const http = httpRouter();
  const bridge = makeBridge(changes);
  for (const each of [bridge, ...others.map(makeBridge)]) {
    each.registerRoutes(http, { siteUrl: "https://app.example.com", ...mount });
  }
  const t = convexTest(schema, { ...generated, "../app/http.ts": async () => ({ default: http }) });
  register(t);
  const upstream = fakeUpstream(() => Date.now());
  vi.stubGlobal("fetch", upstream.fetch);
  const send = async (request: Request, address = "192.0.2.1"): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const body = request.body === null ? {} : { body: await request.text() };
    const caller = t.withRequestMetadata({ ip: address });
    return caller.fetch(pathname + search, { method, headers, ...body });
  };
  return { t, bridge, upstream, send } as unknown as World & AuthWorld;
}
