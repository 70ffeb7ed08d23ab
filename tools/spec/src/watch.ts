import { afterAll, afterEach } from "vitest";
import { observe } from "./observe.ts";

const faults: string[] = [];

function fail(): void {
  const found = faults.splice(0);
  if (found.length === 0) return;
  throw new Error(`The server sent what its revision's schema refuses:\n\n${found.join("\n\n")}`);
}

/** Fails the test in which a server sends what {@link observe} has something against. Called once by a test file. */
function failOnFaults(): void {
  afterEach(fail);
  afterAll(fail);
}

/** Wraps an MCP endpoint: every message that it sends is held against the official schema of its revision. */
export function watchHandler<Rest extends unknown[]>(
  handler: (request: Request, ...rest: Rest) => Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return observe(handler, { report: (fault) => faults.push(fault), onlyMessages: true });
}

/** Does the same with whatever `fetch` reaches, where it speaks JSON-RPC. */
export function watchFetch(): void {
  const { fetch } = globalThis;
  const observed = observe((request: Request) => fetch(request), {
    report: (fault) => faults.push(fault),
    onlyMessages: false,
  });
  globalThis.fetch = (input, init) => observed(new Request(input, init));
}

failOnFaults();
