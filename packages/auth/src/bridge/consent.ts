import { errorRedirect } from "./authorization.ts";
import type { ConsentTicket } from "./authorize.ts";
import { readForm } from "./body.ts";
import type { Caller } from "./client.ts";
import { rememberConsent } from "./consented.ts";
import { readCookie } from "./cookies.ts";
import { errorPage } from "./page.ts";
import { redirect } from "./respond.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";
import { startSignIn } from "./signin.ts";

/** `POST /consent`: a person has pressed a button of our page, in the browser that it was shown in. */
export async function consent(
  request: Request,
  settings: Settings,
  caller: Caller,
): Promise<Response> {
  const judged = await judgeConsent(request, settings);
  if (!judged.ok) {
    const { error, description } = judged;
    settings.report({ endpoint: "consent", error, description });
    return errorPage({ error, description });
  }
  const { ticket, browser, isAllowed } = judged.value;
  if (!isAllowed) {
    const denied = { error: "access_denied", description: "The user did not agree." };
    settings.report({ endpoint: "consent", ...denied });
    return redirect(errorRedirect(ticket.request, denied, settings.issuer));
  }
  const cookies = await rememberConsent(request, ticket.request, browser, settings);
  return startSignIn(
    { id: ticket.id, request: ticket.request, browser, consented: true },
    settings,
    caller,
    cookies,
  );
}

interface Decision {
  readonly ticket: ConsentTicket;
  readonly browser: string;
  readonly isAllowed: boolean;
}

async function judgeConsent(request: Request, settings: Settings): Promise<Judged<Decision>> {
  if (!isSameOrigin(request.headers, new URL(settings.issuer).origin)) {
    return reject("invalid_request", "The form was sent by another site.");
  }
  const form = await readForm(request);
  if (!form.ok) return form;
  const browser = readCookie(request, settings.issuer, "mcp-bridge-browser");
  const sealed = form.value.get("request");
  const ticket =
    browser === undefined || sealed === undefined
      ? undefined
      : ((await settings.sealer.open("consent", sealed, browser)) as ConsentTicket | undefined);
  if (browser === undefined || ticket === undefined || ticket.expiresAt <= settings.now()) {
    return reject(
      "invalid_request",
      "This page was open too long, or was shown in another browser, or cookies are blocked. Connect again from your app.",
    );
  }
  return accept({ ticket, browser, isAllowed: form.value.get("decision") === "allow" });
}

// The page has referrer policy no-referrer, with which browsers send "null" as Origin: that alone says
// nothing, and the cookie and the sealed ticket are what stops another site.
function isSameOrigin(headers: Headers, origin: string): boolean {
  const sent = headers.get("origin") ?? "null";
  const site = headers.get("sec-fetch-site") ?? "same-origin";
  return (sent === "null" || sent === origin) && site === "same-origin";
}
