import { byId, element, sentence } from "./dom.ts";
import { isRecord, parseJson } from "./json.ts";
import type { Exchange, McpClient, Tool } from "./mcp.ts";
import { startingArguments } from "./schema.ts";

/** Lists the tools that `client` may call. Resolves when they are shown; a failure is shown as well. */
export async function showTools(client: McpClient, who: string): Promise<void> {
  const status = byId("tools-status", HTMLElement);
  const list = byId("tool-list", HTMLElement);
  status.textContent = "Asking the server…";
  try {
    const tools = await client.listTools();
    list.replaceChildren(...tools.map((tool) => element("li", {}, toolButton(tool))));
    status.textContent = `${tools.length === 1 ? "One tool" : `${tools.length} tools`} for ${who}.`;
  } catch (error) {
    list.replaceChildren();
    status.textContent = sentence(error);
  }
}

/** Makes the form call tools through the client that `current` gives. */
export function enableTrying(current: () => McpClient): void {
  const form = byId("try", HTMLFormElement);
  const outcome = byId("outcome", HTMLElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const args = parseJson(byId("arguments", HTMLTextAreaElement).value);
    if (!isRecord(args)) {
      outcome.replaceChildren(refusal("The arguments have to be a JSON object, such as {}."));
      return;
    }
    outcome.replaceChildren(element("p", {}, "Calling…"));
    const name = byId("tool-name", HTMLInputElement).value.trim();
    current()
      .callTool(name, args)
      .then((exchange) => outcome.replaceChildren(...describe(exchange)))
      .catch((error: unknown) => outcome.replaceChildren(refusal(sentence(error))));
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
    annotations["readOnlyHint"] === true ? "reads only" : "changes data",
    annotations["destructiveHint"] === true ? "destructive" : "",
    names.length === 0 ? "no arguments" : names.join(", "),
  ]
    .filter((mark) => mark !== "")
    .join(" · ");
}

function describe({ status, challenge, answer, milliseconds }: Exchange): HTMLElement[] {
  const result = isRecord(answer) ? answer["result"] : undefined;
  const failed = isRecord(result) && result["isError"] === true;
  const verdict = result === undefined ? "Refused" : failed ? "The tool failed" : "Done";
  const line = `${verdict}. HTTP ${status}, ${Math.round(milliseconds)} ms.`;
  const good = result !== undefined && !failed;
  const shown: HTMLElement[] = [element("p", { class: good ? "good" : "bad" }, line)];
  if (challenge !== null) {
    shown.push(element("p", {}, "WWW-Authenticate"), element("pre", {}, challenge));
  }
  const body = typeof answer === "string" ? answer : JSON.stringify(answer, null, 2);
  if (body !== "") shown.push(element("pre", { tabindex: "0", "aria-label": "Answer" }, body));
  return shown;
}

function refusal(text: string): HTMLElement {
  return element("p", { class: "bad" }, text);
}
