import { describe, expect, it } from "vitest";
import { audio, image, resourceLink, text } from "./content.ts";

const bytes = new Uint8Array([0, 255]).buffer;

describe("content blocks", () => {
  it("are what MCP calls them", () => {
    expect(text("x")).toEqual({ type: "text", text: "x" });
    expect(image(bytes, "image/png")).toEqual({
      type: "image",
      data: "AP8=",
      mimeType: "image/png",
    });
    expect(audio(bytes, "audio/wav")).toEqual({
      type: "audio",
      data: "AP8=",
      mimeType: "audio/wav",
    });
    expect(resourceLink({ uri: "https://example.com/a", name: "a" })).toEqual({
      type: "resource_link",
      uri: "https://example.com/a",
      name: "a",
    });
  });
});
