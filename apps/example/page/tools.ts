import { element, sentence } from "./console/dom.ts";
import { isRecord, parseJson } from "./console/json.ts";
import { byId } from "./dom.ts";
import { type Exchange, type McpClient, RefusedError, type Tool } from "./mcp.ts";
import { startingArguments } from "./schema.ts";

/** The tools of whom, and until when it matters. */
export interface Showing {
  readonly client: McpClient;
  readonly who: string;
  readonly signal: AbortSignal;
}

/** Lists the tools, or shows why there are none. False when the server no longer takes the caller's token. */
export async function showTools({ client, who, signal }: Showing): Promise<boolean> {
  const status = byId("tools-status", HTMLElement);
  const list = byId("tool-list", HTMLElement);
  status.textContent = "Asking the server…";
  try {
    const tools = await client.listTools();
    if (signal.aborted) return true;
    list.replaceChildren(...tools.map((tool) => element("li", {}, toolButton(tool))));
    status.textContent = `${tools.length === 1 ? "One tool" : `${tools.length} tools`} for ${who}.`;
    return true;
  } catch (error) {
    if (signal.aborted) return true;
    list.replaceChildren();
    status.textContent = sentence(error);
    return !(error instanceof RefusedError && error.status === 401);
  }
}

/** Makes the form call tools through the client that `current` gives, and says when one was called. */
export function enableTrying(current: () => McpClient, called: () => void): void {
  byId("try", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const args = parseJson(byId("arguments", HTMLTextAreaElement).value);
    if (!isRecord(args)) {
      showOutcome("bad", "The arguments have to be a JSON object, such as {}.");
      return;
    }
    showOutcome("pending", "Calling…");
    const name = byId("tool-name", HTMLInputElement).value.trim();
    current()
      .callTool(name, args)
      .then(showExchange)
      .catch((error: unknown) => showOutcome("bad", sentence(error)))
      .finally(called);
  });
}

function toolButton(tool: Tool): HTMLElement {
  const button = element(
    "button",
    { type: "button", "aria-pressed": "false" },
    element("code", {}, tool.name),
    element("span", {}, tool.description),
    element("span", { class: "marks" }, marks(tool)),
  );
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("#tool-list button")) other.ariaPressed = "false";
    button.ariaPressed = "true";
    byId("tool-name", HTMLInputElement).value = tool.name;
    const args = byId("arguments", HTMLTextAreaElement);
    args.value = JSON.stringify(startingArguments(tool.inputSchema), null, 2);
    args.focus();
  });
  return button;
}

/** What the tool says about itself, plus the arguments it takes. */
function marks({ annotations, inputSchema }: Tool): string {
  const properties = isRecord(inputSchema) ? inputSchema["properties"] : undefined;
  const names = isRecord(properties) ? Object.keys(properties) : [];
  return [
    annotations["readOnlyHint"] === true ? "reads only" : "",
    annotations["readOnlyHint"] === false ? "changes data" : "",
    annotations["destructiveHint"] === true ? "destructive" : "",
    names.length === 0 ? "no arguments" : names.join(", "),
  ]
    .filter((mark) => mark !== "")
    .join(" · ");
}

function showExchange({ status, challenge, answer, milliseconds }: Exchange): void {
  const result = isRecord(answer) ? answer["result"] : undefined;
  const failed = isRecord(result) && result["isError"] === true;
  const verdict = result === undefined ? "Refused" : failed ? "The tool failed" : "Done";
  const good = result !== undefined && !failed;
  const details: HTMLElement[] = [];
  if (challenge !== null) {
    details.push(element("p", {}, "WWW-Authenticate"), element("pre", {}, challenge));
  }
  const body = typeof answer === "string" ? answer : JSON.stringify(answer, null, 2);
  if (body !== "") {
    const scrollable = { tabindex: "0", role: "region", "aria-label": "Answer" };
    details.push(element("pre", scrollable, body));
  }
  const line = `${verdict}. HTTP ${status}, ${Math.round(milliseconds)} ms.`;
  showOutcome(good ? "good" : "bad", line, details);
}

/** The verdict is read out by screen readers, the details are not: they can be long. */
function showOutcome(
  kind: "good" | "bad" | "pending",
  verdict: string,
  details: readonly HTMLElement[] = [],
): void {
  const line = byId("verdict", HTMLElement);
  line.className = kind;
  line.textContent = verdict;
  byId("outcome", HTMLElement).replaceChildren(...details);
}
