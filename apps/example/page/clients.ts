import { element } from "./console/dom.ts";
import { byId } from "./dom.ts";

interface Snippet {
  readonly label: string;
  readonly text: string;
}

interface ClientGuide {
  readonly name: string;
  readonly steps: readonly (string | Snippet)[];
}

const CLOUD =
  "It connects from its maker's cloud, so it needs an address on the public internet: deploy the app to Convex and use that URL.";

function guides(url: string): readonly ClientGuide[] {
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  return [
    {
      name: "Claude Code",
      steps: [
        { label: "command", text: `claude mcp add --transport http invoices ${url}` },
        "Then run /mcp inside Claude Code and choose invoices to sign in.",
      ],
    },
    {
      name: "Claude",
      steps: [
        "On the web and in the desktop app: Settings, Connectors, Add custom connector, and paste the address.",
        CLOUD,
        "For this local server, put a bridge into claude_desktop_config.json:",
        {
          label: "claude_desktop_config.json",
          text: json({
            mcpServers: { invoices: { command: "npx", args: ["-y", "mcp-remote", url] } },
          }),
        },
      ],
    },
    {
      name: "ChatGPT",
      steps: [
        "Turn on developer mode under Settings, Apps & Connectors, Advanced settings. Then create a connector with the address and OAuth as its authentication.",
        CLOUD,
      ],
    },
    {
      name: "Cursor",
      steps: [
        "In .cursor/mcp.json of the project, or ~/.cursor/mcp.json for all:",
        { label: "mcp.json", text: json({ mcpServers: { invoices: { url } } }) },
      ],
    },
    {
      name: "VS Code",
      steps: [
        "In .vscode/mcp.json:",
        { label: "mcp.json", text: json({ servers: { invoices: { type: "http", url } } }) },
      ],
    },
    {
      name: "MCP Inspector",
      steps: [
        {
          label: "command",
          text: `npx @modelcontextprotocol/inspector --web --server-url ${url} --transport http`,
        },
      ],
    },
    {
      name: "Any other",
      steps: [
        "Choose Streamable HTTP and give the address; the client finds the sign-in by itself. Strangers may look too:",
        {
          label: "command",
          text: `curl ${url} -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' -H 'mcp-protocol-version: 2025-11-25' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
        },
      ],
    },
  ];
}

/** Fills the tabs that tell how each client connects. Arrow keys, Home and End move between them (ARIA tabs pattern). */
export function showClients(url: string): void {
  const tabList = byId("clients", HTMLElement);
  const made = guides(url).map(({ name, steps }, index) => {
    const [tabId, panelId] = [`client-${index}`, `client-panel-${index}`];
    const tab = element(
      "button",
      { type: "button", role: "tab", id: tabId, "aria-controls": panelId },
      name,
    );
    const panel = element("div", {
      role: "tabpanel",
      id: panelId,
      "aria-labelledby": tabId,
      tabindex: "0",
    });
    panel.append(...steps.map((step, at) => stepElement(step, `${panelId}-${at}`, name)));
    return { tab, panel };
  });

  const select = (chosen: number, focus: boolean) => {
    for (const [index, { tab, panel }] of made.entries()) {
      tab.ariaSelected = String(index === chosen);
      tab.tabIndex = index === chosen ? 0 : -1;
      panel.hidden = index !== chosen;
    }
    if (focus) made[chosen]?.tab.focus();
  };
  for (const [index, { tab }] of made.entries()) {
    tab.addEventListener("click", () => select(index, false));
    tab.addEventListener("keydown", (event) => {
      const next = tabAfter(event.key, index, made.length);
      if (next === undefined) return;
      event.preventDefault();
      select(next, true);
    });
  }
  tabList.replaceChildren(...made.map(({ tab }) => tab));
  byId("client-panels", HTMLElement).replaceChildren(...made.map(({ panel }) => panel));
  select(0, false);
}

function tabAfter(key: string, index: number, count: number): number | undefined {
  if (key === "ArrowRight") return (index + 1) % count;
  if (key === "ArrowLeft") return (index + count - 1) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}

function stepElement(step: string | Snippet, id: string, client: string): HTMLElement {
  if (typeof step === "string") return element("p", {}, step);
  const copy = { type: "button", class: "copy", "data-copies": id };
  return element(
    "div",
    { class: "copyable" },
    element("pre", { id }, step.text),
    element("button", { ...copy, "aria-label": `Copy the ${step.label} for ${client}` }, "Copy"),
  );
}
