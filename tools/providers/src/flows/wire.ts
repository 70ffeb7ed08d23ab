/** One request to the endpoint, and what came of it. */
export interface Exchange {
  readonly method: string;
  /** Of the message, where it is one. */
  readonly rpc: string | undefined;
  readonly lastEventId: string | null;
  readonly status: number;
  readonly challenge: string | null;
  /** When the answer had ended. */
  endedAt?: number;
}

/** A client's way to the endpoint, watched. */
export interface Wire {
  readonly fetch: typeof fetch;
  /** Oldest first, by the time of their heads. */
  readonly seen: readonly Exchange[];
  /** Ends the answers that are open, as a proxy may. */
  cut(): void;
  /** Has `seen` begin anew. */
  reset(): void;
}

/** Watches what is sent to a URL; all else passes. */
export function watchWire(endpoint: string): Wire {
  const seen: Exchange[] = [];
  const open = new Set<TransformStreamDefaultController<Uint8Array>>();
  return {
    seen,
    reset: () => void (seen.length = 0),
    cut: () => {
      for (const controller of open) controller.terminate();
    },
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (new Request(url).url !== endpoint) return response;
      const { method = "GET", headers, body } = init ?? {};
      const exchange: Exchange = {
        method,
        rpc:
          typeof body === "string" ? (JSON.parse(body) as { method?: string }).method : undefined,
        lastEventId: new Headers(headers).get("Last-Event-ID"),
        status: response.status,
        challenge: response.headers.get("WWW-Authenticate"),
      };
      seen.push(exchange);
      if (response.body === null) return response;
      const passed = new TransformStream<Uint8Array, Uint8Array>({
        start: (controller) => void open.add(controller),
        flush: () => void (exchange.endedAt = Date.now()),
      });
      return new Response(response.body.pipeThrough(passed), response);
    },
  };
}
