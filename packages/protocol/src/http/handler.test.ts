import { expect, it } from "vitest";
import { createMcpHandler, memorySessions, memoryTools } from "../index.ts";
it("answers initialize", async () => {
  const h = createMcpHandler<undefined, string>({ serverInfo: {name:"a",version:"1"}, authenticate: () => ({ok:true, principal:"u"}), sessions: memorySessions({ownerOf: (p) => p}), tools: memoryTools({tools: []}) });
  const r = await h(new Request("http://localhost/mcp", {method:"POST", headers: {"content-type":"application/json"}, body: JSON.stringify({jsonrpc:"2.0", id:1, method:"initialize", params:{protocolVersion:"x", capabilities:{}, clientInfo:{name:"c",version:"1"}}})}), undefined);
  console.log(r.status, [...r.headers], await r.text());
  expect(r.status).toBe(200);
});
