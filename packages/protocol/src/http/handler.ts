import { internalError } from "../rpc/failures.ts";
import { judgeOrigin, preflight } from "./cors.ts";
import { endSession } from "./delete.ts";
import { answerGet, noStream } from "./get.ts";
import type { Head } from "./head.ts";
import { checkHost } from "./host.ts";
import { resolveOptions } from "./options.ts";
import type { McpHandlerOptions, Settings } from "./options.ts";
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
  const { origins, hosts, authenticate, server } = settings;
  return async (request, context) => {
    // Empty only when the origin policy itself throws.
    let cors: Readonly<Record<string, string>> = {};
    try {
      if (request.method === "OPTIONS") return preflight(request, origins);
      const judged = judgeOrigin(request, origins);
      cors = judged.cors;
      const wrong = checkHost(request, hosts) ?? judged.refusal;
      if (wrong) return toResponse(refusalReply(wrong), cors);
      const found = authenticate(request, context);
      const authentication = "ok" in found ? found : await found;
      if (!authentication.ok) return toResponse(refusalReply(authentication.refusal), cors);
      const head = { request, context, principal: authentication.principal };
      return toResponse(await answer(settings, head), cors);
    } catch (error) {
      server.report(error, {});
      return toResponse(refusalReply({ status: 500, ...internalError }), cors);
    }
  };
}

// After the token: a client may open with GET, and the 401 is what starts its sign-in.
function answer<C, P>(settings: Settings<C, P>, head: Head<C, P>): Promise<Reply> | Reply {
  switch (head.request.method) {
    case "POST":
      return answerPost(settings, head);
    case "GET":
      return answerGet(settings, head);
    case "DELETE":
      return endSession(settings.server, head);
    default:
      return refusalReply(noStream);
  }
}
