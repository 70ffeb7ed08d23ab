import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { readIncoming } from "./incoming.ts";

function read(target: string, ...headers: readonly (readonly [string, string])[]) {
  const message = new IncomingMessage(new Socket());
  message.method = "GET";
  message.url = target;
  message.rawHeaders = headers.flat();
  return readIncoming(message, new AbortController().signal);
}

describe("readIncoming", () => {
  it("builds the URL from the Host header", () => {
    expect(read("/mcp?a=b", ["host", "localhost:3211"])).toMatchObject({
      kind: "request",
      method: "GET",
      path: "/mcp",
      url: "http://localhost:3211/mcp?a=b",
    });
  });

  it.each([
    ["no Host", "/mcp", []],
    ["an empty Host", "/mcp", [["Host", ""]]],
    [
      "two Hosts",
      "/mcp",
      [
        ["Host", "localhost"],
        ["host", "evil.example"],
      ],
    ],
    [
      "the same Host twice",
      "/mcp",
      [
        ["Host", "localhost"],
        ["Host", "localhost"],
      ],
    ],
    ["a Host that moves the path", "/mcp", [["Host", "localhost/x"]]],
    ["an absolute target", "http://localhost/mcp", [["Host", "localhost"]]],
  ] as const)("refuses %s and says what it expects", (_name, target, headers) => {
    expect(read(target, ...headers)).toEqual({
      kind: "malformed",
      problem: expect.stringMatching(/^Expected one Host header .* a target that starts with "\/"/),
    });
  });
});
