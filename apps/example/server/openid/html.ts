import { createHash } from "node:crypto";

/** Text as HTML, safe in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#16181d;--soft:#565d6b;--line:#d5d9e0;--accent:#2f5bd0;--tint:#eef2fd}
@media (prefers-color-scheme:dark){:root{--page:#101216;--card:#191c22;--ink:#eceef2;--soft:#a6aebc;--line:#343a45;--accent:#9db7ff;--tint:#232a3a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem 1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:26rem;padding:1.75rem;background:var(--card);border:1px solid var(--line);border-radius:14px}
h1{margin:0 0 .5rem;font-size:1.375rem;line-height:1.3;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:1.5rem 0 .5rem;font-size:.875rem;font-weight:600;color:var(--soft)}
p{margin:.25rem 0;color:var(--soft);overflow-wrap:anywhere}
ul{margin:0;padding:0;list-style:none}
li+li{margin-top:.375rem}
code{font:.8125rem/1.4 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.scopes li{display:grid;padding-left:.75rem;border-left:3px solid var(--line)}
.scopes code{color:var(--soft)}
button{font:inherit;color:inherit;cursor:pointer}
.user{display:flex;gap:.875rem;align-items:center;width:100%;padding:.75rem .875rem;text-align:left;background:transparent;border:1px solid var(--line);border-radius:10px}
.user:hover{border-color:var(--accent);background:var(--tint)}
.user>span:first-child{flex:none;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;background:var(--tint);color:var(--accent);font-weight:600}
.user>span:last-child{display:grid;min-width:0}
.user small{color:var(--soft);font-size:.8125rem;overflow-wrap:anywhere}
.cancel{margin-top:1rem;padding:.5rem;width:100%;background:none;border:0;border-radius:10px;color:var(--soft);text-decoration:underline}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
footer{margin-top:1.25rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.8125rem;color:var(--soft)}
`;

/**
 * The headers of every page: no scripts, nothing from elsewhere, no framing. There is no `form-action`, because browsers
 * apply it to redirects too and the way back to the app is one.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A whole page around `main`, which is HTML already. */
export function htmlPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
