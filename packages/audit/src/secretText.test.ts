import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactText } from "./secretText.ts";

describe("redactText", () => {
  it.each([
    ["401 for Bearer abcdefgh12345678.x", "401 for Bearer [redacted]"],
    ["authorization: Basic dXNlcjpwYXNz==", "authorization: Basic [redacted]"],
    ["authorization: Basic abc", "authorization: Basic [redacted]"],
    ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln failed", "token [redacted] failed"],
    ["key sk_live_1234567890abcdef is bad", "key [redacted] is bad"],
    ["ghp_123456789012345678901234", "[redacted]"],
    ["AKIAABCDEFGHIJKLMNOP", "[redacted]"],
    ["postgres://ann:hunter2@db/app", "postgres://[redacted]@db/app"],
    [
      "https://x.example/?access_token=abc&page=2",
      "https://x.example/?access_token=[redacted]&page=2",
    ],
    ['{"password":"hunter2","user":"ann"}', '{"password":"[redacted]","user":"ann"}'],
    ['{"password": "a \\" b", "n": 1}', '{"password": "[redacted]", "n": 1}'],
    ["password = 'it is long', next", "password = '[redacted]', next"],
    ["api-key: abc; mode: fast", "api-key: [redacted]; mode: fast"],
    ["client_secret=abc", "client_secret=[redacted]"],
    ["https://ann:p@ss@x.example/a@b", "https://[redacted]@x.example/a@b"],
    [
      "https://x.example/#id_token=abc&user[password]=b",
      "https://x.example/#id_token=[redacted]&user[password]=[redacted]",
    ],
    [
      String.raw`{"body":"{\"token\":\"a \\\"b\\\" c\",\"n\":1}"}`,
      String.raw`{"body":"{\"token\":\"[redacted]\",\"n\":1}"}`,
    ],
    ['"secret" => "abc", "n" => 1', '"secret" => "[redacted]", "n" => 1'],
    ['{"token":["abc","def"]}\nnext', '{"token":[redacted]\nnext'],
    ['{"credentials":{"user":"ann","key":"abc"}}', '{"credentials":[redacted]'],
    ["Cookie: sid=abc; other=def\r\nHost: x", "Cookie: [redacted]\r\nHost: x"],
    ["Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=b", "Authorization: [redacted]"],
    ['{"authorization":"a b","cookie":["c"]}', '{"authorization":"[redacted]","cookie":[redacted]'],
    ["curl -H 'Cookie: a=b; c=d' x", "curl -H 'Cookie: [redacted]' x"],
    [`token=${"a".repeat(10_000)} next`, "token=[redacted] next"],
    [`"token":"${"a ".repeat(10_000)}", "n": 1`, '"token":"[redacted]", "n": 1'],
    ['"token":"abc def', '"token":"[redacted]"'],
    [
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- rest",
      "[redacted] rest",
    ],
    [
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n-----END RSA PRIVATE KEY-----.",
      "[redacted].",
    ],
    [
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOY\n-----END PGP PRIVATE KEY BLOCK-----.",
      "[redacted].",
    ],
    [
      JSON.stringify({ password: "abc\\", token: "def", n: 1 }),
      '{"password":"[redacted]","token":"[redacted]","n":1}',
    ],
    [
      JSON.stringify({ body: JSON.stringify({ password: "abc\\", token: 'd"ef', n: 1 }) }),
      String.raw`{"body":"{\"password\":\"[redacted]\",\"token\":\"[redacted]\",\"n\":1}"}`,
    ],
    ['password=\'a="\' token="abc def"', "password='[redacted]' token=\"[redacted]\""],
    ["_token=abc&__csrf-token: def", "_token=[redacted]&__csrf-token: [redacted]"],
    ["at 3https://ann:hunter2@x.example", "at 3https://[redacted]@x.example"],
    [String.raw`"https:\/\/ann:hunter2@x.example"`, String.raw`"https:\/\/[redacted]@x.example"`],
    ["sid_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "sid_[redacted]"],
    [
      'Authorization: OAuth oauth_token="abc", n="def"\nHost: x',
      "Authorization: [redacted]\nHost: x",
    ],
    [
      String.raw`"Authorization: Digest username=\"ann\", response=\"abc\""`,
      '"Authorization: Digest [redacted]"',
    ],
    ["error: token = abc", "error: token = [redacted]"],
    ["password='abc'def, n", "password='[redacted]', n"],
    ["password=[redacted]abc", "password=[redacted]"],
    [
      '{"url":"https://x.example","password":"p@ss","n":1}',
      '{"url":"https://x.example","password":"[redacted]","n":1}',
    ],
    ["invalid token access_token=abc", "invalid token [redacted][redacted]"],
    [`{"note":"password='","secret":"it's"}`, `{"note":"password='[redacted]'}`],
  ])("%s", (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it.each([
    "Expected a number, got a string.",
    "tokenCount: 12, pageToken comes later",
    "see https://example.com/a@b?x=1",
    "Bearer of bad news",
  ])("leaves alone: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });

  it("takes any censor literally", () => {
    expect(redactText("password=abc", "$& $1")).toBe("password=$& $1");
    expect(redactText("password=abc", "")).toBe("password=");
    expect(redactText("password=abc next", "a")).toBe("password=a next");
  });

  it("shows nothing of what is no text", () => {
    for (const odd of [undefined, null, 42, Symbol("s"), { password: "abc" }]) {
      expect(redactText(odd as unknown as string)).toBe("[redacted]");
    }
  });

  it("finds a planted secret in any text around it", () => {
    const around = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("-", ""));
    fc.assert(
      fc.property(around, around, (before, after) => {
        const text = redactText(`${before} Bearer s3cr3t-s3cr3t-s3cr3t ${after}`);
        expect(text).not.toContain("s3cr3t-s3cr3t");
      }),
    );
  });

  it("changes nothing the second time", () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "password=",
        '"token":',
        "Bearer ",
        "eyJabcdef.",
        "://a:b@",
        '\\"token\\":\\"',
        "cookie: ",
        "[",
        "\\",
        '"',
        "abcdefgh1234",
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const once = redactText(parts.join(""));
        expect(redactText(once)).toBe(once);
      }),
    );
  });

  it("takes time in proportion to the text, however it is made", () => {
    const size = 200_000;
    const hostile = [
      "a",
      "a-",
      "Bearer ",
      "eyJ",
      "eyJaaaa.",
      "eyJ-",
      "eyJaaaa.a",
      '"',
      "password=",
      "a:",
      "://",
      "-----BEGIN ",
      "\\",
      '\\"token\\":\\"',
      '"token":"\\"',
      "cookie:[",
      "a://b@",
      "a=\\\\'",
      'cookie:a="x',
      "cookie:a=\\",
      '"token":"\\\\',
    ];
    for (const unit of hostile) {
      const started = performance.now();
      redactText(unit.repeat(size / unit.length));
      // Quadratic time would be minutes.
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });

  it("hides values however long they are", () => {
    const long = "a".repeat(200_000);
    expect(redactText(`-----BEGIN PRIVATE KEY-----${long}`)).toBe("[redacted]");
    expect(redactText(`{"token":"${long}"}`)).toBe('{"token":"[redacted]"}');
    expect(redactText(`Cookie: ${long}`)).toBe("Cookie: [redacted]");
  });

  it("shows nothing of what is too long to be searched", () => {
    expect(redactText("a".repeat(262_145))).toBe("[redacted]");
  });
});
