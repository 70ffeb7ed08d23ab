/** The text of each request's bytes, known beforehand. */
const texts = new WeakMap<Uint8Array, string>();

/** Just enough of `TextDecoder`: it looks the text up, because decoding is the platform's work, like `Request`. */
class PlainTextDecoder {
  decode(bytes?: Uint8Array): string {
    return bytes === undefined ? "" : (texts.get(bytes) ?? "");
  }
}

/** Just enough of `Headers`. */
class PlainHeaders {
  readonly #values = new Map<string, string>();

  constructor(init: Record<string, string> | PlainHeaders = {}) {
    const entries = init instanceof PlainHeaders ? init.#values : Object.entries(init);
    for (const [name, value] of entries) this.set(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  entries(): Iterable<[string, string]> {
    return this.#values.entries();
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }
}

interface PlainInit {
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/** Just enough of `Response`. */
class PlainResponse {
  readonly headers: PlainHeaders;
  readonly status: number;
  readonly #body: string | null;

  constructor(body: string | null, init: PlainInit = {}) {
    this.#body = body;
    this.status = init.status ?? 200;
    this.headers = new PlainHeaders(init.headers);
  }

  static json(value: unknown, init?: PlainInit): PlainResponse {
    return new PlainResponse(JSON.stringify(value), init);
  }

  async text(): Promise<string> {
    return this.#body ?? "";
  }
}

/** A body in the two forms in which it is read. */
interface PlainBody {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const signal = new AbortController().signal;

/** Just enough of a POST `Request`. */
export class PlainRequest {
  readonly method = "POST";
  readonly url: string;
  readonly headers: PlainHeaders;
  readonly signal: AbortSignal = signal;
  readonly #body: PlainBody;

  constructor(url: string, headers: PlainHeaders, body: PlainBody) {
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }

  async text(): Promise<string> {
    return this.#body.text;
  }

  get body() {
    let value: Uint8Array | undefined = this.#body.bytes;
    const read = async () => {
      const chunk = { done: value === undefined, value };
      value = undefined;
      return chunk;
    };
    return { getReader: () => ({ read, releaseLock: () => {}, cancel: async () => {} }) };
  }
}

/** Headers for a {@link PlainRequest}; made once, as a server does not make the headers it gets. */
export function plainHeaders(init: Record<string, string>): PlainHeaders {
  return new PlainHeaders(init);
}

/** A body for a {@link PlainRequest}; made once as well. */
export function plainBody(text: string): PlainBody {
  const bytes = new TextEncoder().encode(text);
  texts.set(bytes, text);
  return { text, bytes };
}

/** Runs with plain objects for what the platform gives, so that what that costs in Node is left out. */
export async function withPlainHttp<T>(run: () => Promise<T>): Promise<T> {
  const { Response, Headers, TextDecoder } = globalThis;
  Object.assign(globalThis, {
    Response: PlainResponse,
    Headers: PlainHeaders,
    TextDecoder: PlainTextDecoder,
  });
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { Response, Headers, TextDecoder });
  }
}
