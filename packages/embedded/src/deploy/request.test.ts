import { describe, expect, it } from "vitest";
import { parsePushRequest } from "./request.ts";

const module = { path: "a.js", source: "", environment: "isolate" };
const app = { definition: null, dependencies: ["../c"], schema: null, changedModules: [module] };
const component = {
  definitionPath: "../c",
  definition: module,
  dependencies: [],
  schema: module,
  functions: [{ ...module, environment: "node" }],
};

describe("parsePushRequest", () => {
  it("reads the app and its components", () => {
    const parsed = parsePushRequest({ appDefinition: app, componentDefinitions: [component] });
    expect(parsed.app).toMatchObject({ path: "", dependencies: ["../c"], modules: [module] });
    expect(parsed.components.get("../c")?.modules[0]?.environment).toBe("node");
  });

  it.each([
    [null, "the body"],
    [{ appDefinition: app }, "componentDefinitions"],
    [{ appDefinition: { ...app, changedModules: 1 }, componentDefinitions: [] }, "changedModules"],
    [{ appDefinition: app, componentDefinitions: [{}] }, "definitionPath"],
    [
      { appDefinition: { ...app, changedModules: [{ path: 1 }] }, componentDefinitions: [] },
      "a module's path",
    ],
  ])("names what is wrong in %j", (body, field) => {
    expect(() => parsePushRequest(body)).toThrow(field);
  });
});
