import type { ListRequest } from "../rpc/caller.ts";
import { denialOutcome } from "../rpc/denial.ts";
import type { Exchange, Feature, MethodCall, Outcome } from "../rpc/exchange.ts";
import { declineParams } from "../rpc/session.ts";
import type { ReadOutcome, ResourceCatalog } from "../resources/catalog.ts";
import { errorCodes } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import { reviseContents, reviseNamed } from "../wire/revisePrimitives.ts";
import type { Resource, ResourceTemplate } from "../wire/types.ts";
import { isUri, uriForm } from "../wire/uri.ts";
import type { Revision } from "../wire/versions.ts";
import { listOutcome } from "./list.ts";

/** `resources/list`, `resources/templates/list` and `resources/read` (server/resources). */
export function serveResources<C, P>(catalog: ResourceCatalog<C, P>): Feature<C, P> {
  const { cache } = catalog;
  return {
    capabilities: () => ({ resources: {} }),
    methods: [
      [
        "resources/list",
        {
          session: "dispatcher",
          run: (exchange, call) =>
            listOutcome(exchange, call, {
              list: (request: ListRequest<Resource>) => catalog.list(exchange.caller, request),
              member: "resources",
              nameOf: ({ uri }) => uri,
              revise: reviseNamed,
              cache,
            }),
        },
      ],
      [
        "resources/templates/list",
        {
          session: "dispatcher",
          run: (exchange, call) =>
            listOutcome(exchange, call, {
              list: (request: ListRequest<ResourceTemplate>) =>
                catalog.templates(exchange.caller, request),
              member: "resourceTemplates",
              nameOf: ({ uriTemplate }) => uriTemplate,
              revise: reviseNamed,
              cache,
            }),
        },
      ],
      [
        "resources/read",
        {
          session: "method",
          interactive: true,
          routedBy: "uri",
          run: (exchange, call) => readResource(catalog, exchange, call),
        },
      ],
    ],
  };
}

async function readResource<C, P>(
  catalog: ResourceCatalog<C, P>,
  exchange: Exchange<C, P>,
  { id, params, channel }: MethodCall,
): Promise<Outcome> {
  const { uri, _meta: meta } = params;
  if (!isUri(uri) || (meta !== undefined && !isObject(meta))) {
    return await declineParams(
      exchange,
      `resources/read: "uri" must be ${uriForm}, "_meta" an object.`,
    );
  }
  const outcome = await catalog.read(exchange.caller, { id, uri, meta, channel });
  return toOutcome(exchange.revision, uri, outcome);
}

function toOutcome(revision: Revision, uri: string, outcome: ReadOutcome): Outcome {
  switch (outcome.kind) {
    case "result": {
      const { result, cache = {} } = outcome;
      return { kind: "result", result: reviseContents(result, revision), cache };
    }
    case "notFound":
      return { kind: "error", error: resourceNotFound(uri, revision) };
    default:
      return denialOutcome(outcome);
  }
}

/** 2026-07-28 has no code of its own for it, and forbids the old one. */
function resourceNotFound(uri: string, { era }: Revision) {
  const code = era === "session" ? errorCodes.resourceNotFound : errorCodes.invalidParams;
  return { code, message: "Resource not found.", data: { uri } };
}
