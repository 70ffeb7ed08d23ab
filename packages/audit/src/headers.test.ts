import { describe, expect, it } from "vitest";
import { redactHeaders } from "./headers.ts";

describe("redactHeaders", () => {
  it("censors what proves who somebody is, and keeps the rest", () => {
    const headers = new Headers({
      Authorization: "Bearer abc",
      Cookie: "sid=1; theme=dark",
      "X-Api-Key": "k",
      "Mcp-Session-Id": "s",
      Accept: "application/json",
    });
    expect(redactHeaders(headers)).toEqual({
      accept: "application/json",
      authorization: "[redacted]",
      cookie: "[redacted]",
      "mcp-session-id": "[redacted]",
      "x-api-key": "[redacted]",
    });
    expect(headers.get("authorization")).toBe("Bearer abc");
  });

  it("reads Node's headers, lists and absences included", () => {
    const headers = { "set-cookie": ["a=1", "b=2"], via: ["x", "y"], host: "h", gone: undefined };
    expect(redactHeaders(headers)).toEqual({
      "set-cookie": "[redacted]",
      via: "x, y",
      host: "h",
    });
  });

  it("reads what Node is given to send, and throws for nothing", () => {
    const sent = { "content-length": 5, "x-list": ["a", 7], nothing: null };
    expect(redactHeaders(sent as never)).toEqual({ "content-length": "5", "x-list": "a, 7" });
    const entries = [["A", ["b"]], [7, 8], ["c", Object.create(null)], null, ["d", "e"]];
    expect(redactHeaders(entries as never)).toEqual({ a: "b", "7": "8" });
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("s3cr3t");
        },
      },
    );
    for (const odd of [undefined, null, 7, hostile])
      expect(redactHeaders(odd as never)).toEqual({});
  });

  it("finds secrets in the values of other headers", () => {
    const headers = { referer: "https://app.example/cb?code_verifier=abc&x=1" };
    expect(redactHeaders(headers)).toEqual({
      referer: "https://app.example/cb?code_verifier=[redacted]&x=1",
    });
  });

  it("takes more names, exceptions and another censor", () => {
    const headers = [
      ["X-Tenant", "acme"],
      ["Cookie", "a=1"],
      ["Authorization", "Bearer abcdefgh1"],
    ] as const;
    const options = { redact: ["x-tenant"], verbatim: ["COOKIE"], censor: "***" };
    expect(redactHeaders(headers, options)).toEqual({
      "x-tenant": "***",
      cookie: "a=1",
      authorization: "***",
    });
  });

  it("hides rather than shows what both lists name", () => {
    expect(redactHeaders({ a: "1" }, { redact: ["a"], verbatim: ["a"] })).toEqual({
      a: "[redacted]",
    });
  });

  it("takes any name for a name", () => {
    const headers = JSON.parse('{"__proto__":"1","constructor":"2"}') as Record<string, string>;
    expect(JSON.stringify(redactHeaders(headers))).toBe('{"__proto__":"1","constructor":"2"}');
  });
});
