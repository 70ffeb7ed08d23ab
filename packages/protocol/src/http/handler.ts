import type { Server } from "../rpc/exchange.ts";
import { internalError } from "../rpc/failures.ts";
import type { Refusal } from "../wire/errors.ts";
import { corsHeaders, preflight } from "./cors.ts";
import { endSession } from "./delete.ts";
import { answerGet, noStream } from "./get.ts";
import { checkHost } from "./host.ts";
import { resolveOptions } from "./options.ts";
import type { McpHandlerOptions, Settings } from "./options.ts";
import { checkOrigin } from "./origin.ts";
import { answerPost } from "./post.ts";
import { refusalReply, toResponse } from "./respond.ts";
import type { Reply } from "./respond.ts";

/** An MCP endpoint: a request and the host's context in, a response out. Never rejects. */
export type McpHandler<C> = (request: Request, context: C) => Promise<Response>;

/**
 * Makes an MCP server's endpoint (Streamable HTTP, revisions 2025-03-26 to 2026-07-28).
 *
 * Secure by default: pages of foreign origins are refused (DNS rebinding), every request is
 * authenticated before its body is read, bodies are bounded in size and depth, and what a backend
 * throws never reaches the wire.
 *
 * @throws TypeError naming the option that is wrong.
 * @example
 * const handle = createMcpHandler({
 *   serverInfo: { name: "clock", version: "1.0.0" },
 *   authenticate: () => ({ ok: true, principal: undefined }),
 *   sessions: memorySessions({ ownerOf: () => undefined }),
 *   tools: memoryTools({ tools: [clock] }),
 * });
 * const response = await handle(request, undefined);
 */
export function createMcpHandler<C, P>(options: McpHandlerOptions<C, P>): McpHandler<C> {
  const settings = resolveOptions(options);
  return async (request, context) => {
    // Empty only when the origin policy itself throws.
    let cors: Readonly<Record<string, string>> = {};
    try {
      if (request.method === "OPTIONS") return preflight(request, settings.origins);
      cors = corsHeaders(request, settings.origins);
      return toResponse(await answer(settings, request, context), cors);
    } catch (error) {
      settings.server.report(error, {});
      return toResponse(refusalReply({ status: 500, ...internalError }), cors);
    }
  };
}

async function answer<C, P>(
  settings: Settings<C, P>,
  request: Request,
  context: C,
): Promise<Reply> {
  const foreign = checkHost(request, settings.hosts) ?? checkOrigin(request, settings.origins);
  if (foreign) return refusalReply(foreign);
  const authentication = await settings.authenticate(request, context);
  if (!authentication.ok) return refusalReply(authentication.refusal);
  // After the token: a client may open with GET, and the 401 is what starts its sign-in.
  const unsupported = checkMethod(settings.server, request);
  if (unsupported) return refusalReply(unsupported);
  const head = { request, context, principal: authentication.principal };
  switch (request.method) {
    case "GET":
      return await answerGet(settings, head);
    case "DELETE":
      return await endSession(settings.server, head);
    default:
      return await answerPost(settings, head);
  }
}

function checkMethod<C, P>({ features }: Server<C, P>, { method }: Request): Refusal | undefined {
  if (method === "POST" || method === "DELETE") return undefined;
  return method === "GET" && features.some(({ listen }) => listen) ? undefined : noStream;
}
