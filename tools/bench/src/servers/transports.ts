import type { Fetch, ServerKind } from "./tools.ts";

/** What the web-standard transports of both SDKs have in common. */
interface Transport {
  handleRequest(request: Request): Promise<Response>;
  readonly sessionId?: string | undefined;
}

/** Both SDKs' options, as far as they are used here. */
interface TransportOptions {
  readonly sessionIdGenerator?: () => string;
  readonly enableJsonResponse: boolean;
}

interface Connectable<T> {
  connect(transport: T): Promise<void>;
}

/**
 * A server of an SDK over its transport: one of each for a request, or for a session, which is how the
 * SDKs want them used.
 */
export function transportKind<T extends Transport>(
  name: string,
  createTransport: (options: TransportOptions) => T,
  prepare: (toolCount: number) => () => Connectable<T>,
): ServerKind {
  const connect = async (server: Connectable<T>, options: Partial<TransportOptions>) => {
    const transport = createTransport({ ...options, enableJsonResponse: true });
    await server.connect(transport);
    return transport;
  };
  return {
    name,
    stateless: (toolCount) => {
      const create = prepare(toolCount);
      return async (request) => (await connect(create(), {})).handleRequest(request);
    },
    sessions: (toolCount) => {
      const create = prepare(toolCount);
      const sessionIdGenerator = () => crypto.randomUUID();
      return keep(() => connect(create(), { sessionIdGenerator }));
    },
  };
}

/** Keeps the transport of each session, as the SDKs' examples do. */
function keep(connect: () => Promise<Transport>): Fetch {
  const transports = new Map<string, Transport>();
  return async (request) => {
    const named = request.headers.get("mcp-session-id");
    const known = named === null ? undefined : transports.get(named);
    if (known) return known.handleRequest(request);
    if (named !== null) return new Response(null, { status: 404 });
    const opened = await connect();
    const response = await opened.handleRequest(request);
    if (opened.sessionId !== undefined) transports.set(opened.sessionId, opened);
    return response;
  };
}
