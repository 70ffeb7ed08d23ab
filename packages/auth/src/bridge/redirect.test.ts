import { verifies } from "@convex-mcp/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  judgeRedirect,
  NOT_ALLOWED,
  redirectMatches,
  redirectWith,
  type RedirectPolicy,
} from "./redirect.ts";

const open: RedirectPolicy = { privateSchemes: ["cursor", "com.example.app"], allowed: undefined };

function kindOf(uri: unknown, policy = open): string | undefined {
  const judged = judgeRedirect(uri, policy);
  return judged.ok ? judged.value : undefined;
}

describe("judgeRedirect", () => {
  it.each([
    ["https://agent.example.net/callback", "https"],
    ["https://agent.example.net", "https"],
    ["https://agent.example.net:8443/cb?tenant=a%20b", "https"],
    ["http://localhost:1234/cb", "loopback"],
    ["http://127.0.0.1/cb", "loopback"],
    ["http://[::1]:9/", "loopback"],
    ["https://localhost:3000/cb", "loopback"],
    ["https://agent.localhost/cb", "loopback"],
    ["https://127.8.0.1/cb", "loopback"],
    ["https://[::1]/cb", "loopback"],
    ["cursor://anysphere.cursor-mcp/oauth/callback", "private"],
    ["com.example.app:/oauth", "private"],
  ])("accepts %s", (uri, kind) => {
    expect(kindOf(uri)).toBe(kind);
  });

  it.each([
    undefined,
    null,
    7,
    "",
    "/callback",
    "agent.example.net/callback",
    `https://agent.example.net/${"a".repeat(500)}`,
    "https://agent.example.net/cb#fragment",
    "https://agent.example.net/cb#",
    "https://*.example.net/cb",
    "https://agent.example.net/*",
    "https://user@agent.example.net/cb",
    "https://user:pass@agent.example.net/cb",
    "https://@agent.example.net/cb",
    "https://agent.example.net\\@evil.example/cb",
    "https:\\\\agent.example.net\\cb",
    "https:agent.example.net/cb",
    "https:///agent.example.net/cb",
    "HTTPS://agent.example.net/cb",
    "https://Agent.example.net/cb",
    "https://agent.example.net./cb",
    "https://agent.example.net:443/cb",
    "https://agent.example.net:/cb",
    "https://agent.example.net:0443/cb",
    "https://agent.example.net/a/../cb",
    "https://agent.example.net/./cb",
    "https://agent.example.net/%2e%2e/cb",
    "https://agent.example.net/..%2fcb",
    "https://agent.example.net/..%5Ccb",
    "https://agent.example.net/%252e%252e/cb",
    "https://agent.example.net/cb%0d%0aSet-Cookie:x",
    "https://agent.example.net/cb%00",
    "https://agent.example.net/c b",
    "https://agent.example.net/c\tb",
    "https://agent.example.net/c\nb",
    " https://agent.example.net/cb",
    "https://ex%61mple.net/cb",
    "https://exämple.net/cb",
    "https://example。net/cb",
    "https://0x7f.1/cb",
    "https://2130706433/cb",
    "https://agent.example.net/cb?code=x",
    "https://agent.example.net/cb?a=1&state=x",
    "https://agent.example.net/cb?iss=x",
    "http://agent.example.net/cb",
    "http://localhost.evil.example/cb",
    "http://localhost@evil.example/cb",
    "http://127.0.0.2/cb",
    "http://127.1/cb",
    "http://0.0.0.0/cb",
    "http://[::]/cb",
    "http://[0:0:0:0:0:0:0:1]/cb",
    "http://LOCALHOST/cb",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "blob:https://agent.example.net/x",
    "CURSOR://x/y",
    "cursor://user@x/y",
    "ftp://agent.example.net/cb",
  ])("refuses %j", (uri) => {
    const judged = judgeRedirect(uri, open);
    expect(judged).toMatchObject({ ok: false, error: "invalid_redirect_uri" });
  });

  it("has no private scheme unless it is allowed", () => {
    const strict = { privateSchemes: [], allowed: undefined };
    expect(kindOf("cursor://x/y", strict)).toBeUndefined();
    expect(judgeRedirect("vscode://x/y", open)).toMatchObject({ error: NOT_ALLOWED });
  });

  it("keeps to the list where there is one: origins, or whole URIs", () => {
    const listed = {
      privateSchemes: [],
      allowed: ["https://claude.ai", "https://b.example/cb", "http://localhost"],
    };
    expect(kindOf("https://claude.ai/api/mcp/auth_callback", listed)).toBe("https");
    expect(kindOf("https://b.example/cb", listed)).toBe("https");
    expect(kindOf("http://localhost:5123/cb", listed)).toBe("loopback");
    for (const uri of [
      "https://b.example/cb/x",
      "https://b.example/",
      "https://claude.ai.evil.example/cb",
      "https://evil-claude.ai/cb",
      "https://claude.ai:444/cb",
      "http://127.0.0.1/cb",
    ]) {
      expect(kindOf(uri, listed)).toBeUndefined();
    }
  });

  it("accepts nothing that a URL parser would read otherwise, and never throws", () => {
    const pieces = fc.constantFrom(
      ..."https:// http://localhost @ : / \\ ? # . .. % %2e %2f a.example b.example 80 443 [::1] * \t 1".split(
        " ",
      ),
    );
    const spelled = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(spelled, fc.webUrl({ withFragments: true }), fc.string()), (uri) => {
        if (kindOf(uri) === undefined) return;
        const url = new URL(uri);
        expect([uri, `${uri}/`]).toContain(url.href);
        expect(url.username + url.password + url.hash).toBe("");
        expect(["https:", "http:", "cursor:", "com.example.app:"]).toContain(url.protocol);
        if (url.protocol === "http:") {
          expect(["localhost", "127.0.0.1", "[::1]"]).toContain(url.hostname);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("redirectMatches", () => {
  it("compares exactly, but for the port on loopback", () => {
    verifies("bridge.redirect-exact");
    const registered = ["https://a.example/cb", "http://127.0.0.1:1/cb"];
    expect(redirectMatches("https://a.example/cb", registered)).toBe(true);
    expect(redirectMatches("http://127.0.0.1/cb", registered)).toBe(true);
    expect(redirectMatches("http://127.0.0.1:65535/cb", registered)).toBe(true);
    expect(redirectMatches("https://a.example:1/cb", registered)).toBe(false);
    expect(redirectMatches("http://localhost:1/cb", registered)).toBe(false);
    expect(redirectMatches("http://127.0.0.1:1/cb?x", registered)).toBe(false);
  });
});

describe("redirectWith", () => {
  it("adds to the query, leaves its spelling, and escapes what it adds", () => {
    expect(redirectWith("https://a.example/cb", { code: "x&y", state: undefined })).toBe(
      "https://a.example/cb?code=x%26y",
    );
    expect(redirectWith("https://a.example/cb?q=a%20b", { code: "x" })).toBe(
      "https://a.example/cb?q=a%20b&code=x",
    );
  });
});
