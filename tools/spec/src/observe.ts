import { faultsOf, noteRequests, type Requests, type Sent } from "./exchange.ts";

/** Told of everything that is wrong with what a server sent. */
export type Report = (fault: string) => void;

/** What is observed, and how strictly. */
export interface Observation {
  readonly report: Report;
  /** Whether all bodies are messages, as of an MCP endpoint; otherwise those that look like one are looked at. */
  readonly onlyMessages: boolean;
}

type Judge = (json: string) => void;

/**
 * Wraps what answers requests, and judges every message of every answer: those of a stream while the test reads it, all
 * others whether it does or not. Bytes, backpressure and cancellation stay as they are, and a body that the server refused
 * to read is not read here either.
 */
export function observe<Rest extends unknown[]>(
  answer: (request: Request, ...rest: Rest) => Promise<Response>,
  observation: Observation,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const requests: Requests = new Map();
  return async (request, ...rest) => {
    const copy = request.body === null ? undefined : request.clone();
    const response = await answer(request, ...rest);
    const body = await bodyOf(request, copy, response);
    const sent: Sent = { method: request.method, headers: request.headers, body };
    noteRequests(sent, requests);
    return await watched(response, observation, (json) => {
      for (const fault of faultsOf(sent, parsed(json), requests)) {
        observation.report(`${request.method} ${String(methodsOf(body))}: ${fault}`);
      }
    });
  };
}

async function watched(
  response: Response,
  { report, onlyMessages }: Observation,
  judge: Judge,
): Promise<Response> {
  const { body, status } = response;
  if (body === null) return response;
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) return like(response, passing(body, judge));
  if (!type.startsWith("application/json")) return response;
  const text = await response.text();
  if (onlyMessages && status === 202) report(`202 with a body: ${text}`);
  else if (onlyMessages || looksLikeMessage(parsed(text))) judge(text);
  return like(response, text);
}

/** A response with another body; clients resolve what they find in it against the URL that answered. */
function like(response: Response, body: string | ReadableStream): Response {
  const passed = new Response(body, response);
  Object.defineProperty(passed, "url", { value: response.url });
  return passed;
}

/** Takes a stream apart by the rules of server-sent events; ours end lines with line feeds alone. */
function eventReader(judge: Judge): { read: (text: string) => void; end: () => void } {
  let buffer = "";
  return {
    read: (text) => {
      buffer += text;
      for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
        const lines = buffer.slice(0, end).split("\n");
        buffer = buffer.slice(end + 2);
        const data = lines.flatMap((line) => /^data: ?(.*)$/.exec(line)?.slice(1) ?? []).join("\n");
        // An empty one primes the client with an id (2025-11-25, basic/transports).
        if (data !== "") judge(data);
      }
    },
    // What is left is no event, and no message either.
    end: () => {
      if (buffer !== "") judge(buffer);
    },
  };
}

/** The same bytes, one read for each that is asked for. */
function passing(body: ReadableStream<Uint8Array>, judge: Judge): ReadableStream {
  const source = body.getReader();
  const decoder = new TextDecoder();
  const { read, end } = eventReader(judge);
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await source.read();
        if (done) {
          read(decoder.decode());
          end();
          controller.close();
          return;
        }
        read(decoder.decode(value, { stream: true }));
        controller.enqueue(value);
      },
      cancel: (reason) => source.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** The request's body, where the server read all of it. */
async function bodyOf(
  request: Request,
  copy: Request | undefined,
  response: Response,
): Promise<unknown> {
  if (copy === undefined || !request.bodyUsed || response.status === 413) return undefined;
  return await copy.text().then(parsed, () => undefined);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function looksLikeMessage(value: unknown): boolean {
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === "object" && first !== null && "jsonrpc" in first;
}

function methodsOf(body: unknown): unknown[] {
  return (Array.isArray(body) ? body : [body]).slice(0, 3).map((message) => message?.method);
}
