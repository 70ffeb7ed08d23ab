/**
 * Lets the conformance suite start on Node 20: it imports `globSync` from `fs`, which Node has since
 * 22, and does not call it to run scenarios. For `node --import`; does nothing where Node has it.
 */
import * as fs from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node loads this file once more, in a thread of its own, for the two hooks below.
if (isMainThread && !("globSync" in fs)) register(import.meta.url);

const shim = "globsync:fs";
const source = `
export * from "node:fs";
export { default } from "node:fs";
export const globSync = () => { throw new Error("fs.globSync needs Node 22."); };
`;

/** Gives the suite another `fs`, and nobody else. */
export async function resolve(specifier, context, next) {
  const isSuite = context.parentURL?.includes("/@modelcontextprotocol/conformance/") === true;
  if (specifier === "fs" && isSuite) return { url: shim, format: "module", shortCircuit: true };
  return await next(specifier, context);
}

/** Loads that `fs`. */
export async function load(url, context, next) {
  if (url === shim) return { format: "module", source, shortCircuit: true };
  return await next(url, context);
}
