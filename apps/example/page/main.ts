import { showClients } from "./clients.ts";
import { type AuditConsole, showConsole } from "./console/console.ts";
import { sentence } from "./console/dom.ts";
import { textOf } from "./console/json.ts";
import { httpSource } from "./console/source.ts";
import { byId, copyFrom, showProblem } from "./dom.ts";
import { createMcpClient } from "./mcp.ts";
import {
  beginSignIn,
  completeSignIn,
  currentSession,
  discoverResource,
  forgetSession,
  type Session,
} from "./oauth.ts";
import { enableTrying, showTools } from "./tools.ts";

const ENDPOINT = `${location.origin}/mcp`;

let client = createMcpClient(ENDPOINT, undefined);
let present = new AbortController();
let audit: AuditConsole | undefined;

/** Shows everything as it is for `session`. */
function become(session: Session | undefined): void {
  client = createMcpClient(ENDPOINT, session?.token);
  present.abort();
  present = new AbortController();
  showAccount(session);
  audit = showAudit(session);
  void listTools();
}

function showAudit(session: Session | undefined): AuditConsole | undefined {
  const root = byId("audit", HTMLElement);
  if (session === undefined) {
    root.replaceChildren("You are not signed in.");
    return undefined;
  }
  const source = httpSource(`${location.origin}/audit`, {
    authorization: `Bearer ${session.token}`,
  });
  return showConsole(root, source, present.signal);
}

async function listTools(): Promise<void> {
  const session = currentSession();
  const who = session?.name ?? "a stranger";
  const accepted = await showTools({ client, who, signal: present.signal });
  if (accepted || session === undefined) return;
  forgetSession();
  become(undefined);
  showProblem("Your sign-in is no longer valid. Sign in again.");
}

function showAccount(session: Session | undefined): void {
  for (const button of accountButtons()) {
    button.ariaPressed = String(button.dataset["account"] === session?.account);
  }
  byId("sign-out", HTMLButtonElement).disabled = session === undefined;
  byId("account-status", HTMLElement).textContent =
    session === undefined
      ? "You are not signed in: you see what strangers may see."
      : `Signed in as ${session.name}, with ${session.scopes.join(" and ") || "no scopes"}.`;
}

function accountButtons(): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>("[data-account]")];
}

function signIn(account: string): void {
  showProblem(undefined);
  byId("account-status", HTMLElement).textContent = "Going to the sign-in…";
  beginSignIn(ENDPOINT, account).catch((error: unknown) => {
    showAccount(currentSession());
    showProblem(`Signing in failed. ${sentence(error)}`);
  });
}

function signOut(): void {
  showProblem(undefined);
  forgetSession();
  client.end().catch((error: unknown) => showProblem(sentence(error)));
  become(undefined);
}

function listen(): void {
  for (const button of accountButtons()) {
    button.addEventListener("click", () => signIn(button.dataset["account"] ?? ""));
  }
  byId("sign-out", HTMLButtonElement).addEventListener("click", signOut);
  byId("refresh", HTMLButtonElement).addEventListener("click", () => void listTools());
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLElement && target.matches(".copy")) void copyFrom(target);
  });
  enableTrying(
    () => client,
    () => audit?.refresh(),
  );
}

/** Tokens are for the server's own address, so a page opened under another name of it could not sign in. */
async function checkAddress(): Promise<void> {
  const resource = textOf(await discoverResource(ENDPOINT), "resource");
  if (resource !== undefined && new URL(resource).origin !== location.origin) {
    throw new Error(
      `Open this page at ${new URL(resource).origin}/: that is the server's own address.`,
    );
  }
}

async function start(): Promise<void> {
  byId("endpoint", HTMLElement).textContent = ENDPOINT;
  showClients(ENDPOINT);
  listen();
  try {
    await completeSignIn();
  } catch (error) {
    showProblem(sentence(error));
  }
  become(currentSession());
  await checkAddress();
}

addEventListener("error", ({ message }) => showProblem(`Something broke in this page: ${message}`));
addEventListener("unhandledrejection", ({ reason }) => showProblem(sentence(reason)));
start().catch((error: unknown) => showProblem(sentence(error)));
