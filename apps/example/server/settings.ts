/** What the command line and the environment ask for. */
export type Settings =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "mistake"; readonly text: string }
  | {
      readonly kind: "serve";
      readonly port: number;
      readonly providerPort: number;
      readonly bridge: boolean;
      readonly strangers: boolean;
    };

const HELP = `Invoices: a Convex app whose functions an agent can call as the signed-in user.

  npm start               install, build and serve the example
  npm start -- --help     this text

Environment:
  PORT          port of the app and its MCP endpoint (default 3211)
  IDP_PORT      port of the OpenID provider (default: PORT + 1)
  BRIDGE=1      the provider registers no clients, as most do not: the app's bridge does
  STRANGERS=no  everybody has to sign in before they see anything
  DEBUG=1       also print what the app's functions log

Users: alice (reads and writes invoices), bob (reads), carol (admin: sees everything and the audit log).`;

/** Reads arguments and environment. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  if (args.includes("--help") || args.includes("-h")) return { kind: "help", text: HELP };
  const [unknown] = args;
  if (unknown !== undefined) {
    return { kind: "mistake", text: `Expected no argument or --help, got ${unknown}.` };
  }
  const port = readPort("PORT", env["PORT"], 3211);
  if (typeof port === "string") return { kind: "mistake", text: port };
  const providerPort = readPort("IDP_PORT", env["IDP_PORT"], port + 1);
  if (typeof providerPort === "string") return { kind: "mistake", text: providerPort };
  if (port === providerPort) {
    return {
      kind: "mistake",
      text: `PORT and IDP_PORT are both ${port}. Set one to another port.`,
    };
  }
  const bridge = (env["BRIDGE"] ?? "") !== "";
  return { kind: "serve", port, providerPort, bridge, strangers: env["STRANGERS"] !== "no" };
}

/** The port, or what is wrong with it. */
function readPort(name: string, text: string | undefined, standard: number): number | string {
  const port = text === undefined || text === "" ? standard : Number(text);
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? port : `${name}: expected a port from 1 to 65535, got ${text ?? standard}.`;
}
