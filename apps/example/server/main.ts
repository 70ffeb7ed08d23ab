import { EmbeddedError } from "@convex-mcp/embedded";
import { type Example, serve } from "./serve.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.argv.slice(2), process.env);
if (settings.kind === "help") {
  console.log(settings.text);
} else if (settings.kind === "mistake") {
  fail(settings.text);
} else {
  const log = process.env["DEBUG"] === undefined ? undefined : console.log;
  try {
    const example = await serve({ ...settings, ...(log === undefined ? {} : { log }) });
    stopOnSignal(example);
    const { endpoint, app } = example;
    for (const warning of app.warnings) console.warn(warning);
    console.log(`Ready. MCP endpoint: ${endpoint} (page: ${app.url}/, Ctrl-C ends it)`);
  } catch (error) {
    fail(explain(error, settings.providerPort));
  }
}

function stopOnSignal(example: Example): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void example.close().then(() => process.exit(0));
    });
  }
}

/** One line for what the user can mend; the whole error for what only we can. */
function explain(error: unknown, providerPort: number): string {
  if (error instanceof EmbeddedError) return error.message;
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `Port ${providerPort} is in use. Stop what uses it, or set IDP_PORT to another one.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
