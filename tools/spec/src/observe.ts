import { faultsOf, noteRequests, type Requests, type Sent } from "./exchange.ts";

/** Told of everything that is wrong with what a server sent. */
export type Report = (fault: string) => void;

/** What is observed, and how strictly. */
export interface Observation {
  readonly report: Report;
  /** Whether all bodies are messages, as of an MCP endpoint; otherwise those that look like one are looked at. */
  readonly onlyMessages: boolean;
}

/**
 * Wraps what answers requests, and judges every message of every answer while the test reads it. Bytes, backpressure and
 * cancellation stay as they are, and a body that the server refused to read is not read here either.
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
    const judge = (json: string, isEvent: boolean) => {
      const message = parsed(json);
      if (!isEvent && !observation.onlyMessages && !looksLikeMessage(message)) return;
      for (const fault of faultsOf(sent, message, requests)) {
        observation.report(`${request.method} ${String(methodsOf(body))}: ${fault}`);
      }
    };
    return watched(response, judge, observation);
  };
}

function watched(
  response: Response,
  judge: (json: string, isEvent: boolean) => void,
  { report, onlyMessages }: Observation,
): Response {
  const { body } = response;
  if (response.status === 202 && body !== null && onlyMessages) {
    report("202 with a body");
    return response;
  }
  const type = response.headers.get("content-type") ?? "";
  const isStream = type.startsWith("text/event-stream");
  if (body === null || !(isStream || type.startsWith("application/json"))) return response;
  const reader = isStream ? eventReader((data) => judge(data, true)) : wholeReader(judge);
  const passed = new Response(passing(body, reader), response);
  // Clients resolve what they find against the URL that answered.
  Object.defineProperty(passed, "url", { value: response.url });
  return passed;
}

interface TextReader {
  readonly read: (text: string) => void;
  readonly end: () => void;
}

function wholeReader(judge: (json: string, isEvent: boolean) => void): TextReader {
  let whole = "";
  return {
    read: (text) => {
      whole += text;
    },
    end: () => judge(whole, false),
  };
}

/** Takes a stream apart by the rules of server-sent events; ours ends lines with line feeds alone. */
function eventReader(judge: (data: string) => void): TextReader {
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
    end: () => undefined,
  };
}

/** The same bytes, one read for each that is asked for. */
function passing(body: ReadableStream<Uint8Array>, { read, end }: TextReader): ReadableStream {
  const source = body.getReader();
  const decoder = new TextDecoder();
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
