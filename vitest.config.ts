import { defineConfig } from "vitest/config";

const source = {
  resolve: { conditions: ["@convex-mcp/source"] },
  ssr: { resolve: { conditions: ["@convex-mcp/source"] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          include: ["{packages,apps,tools}/*/{src,test}/**/*.test.ts"],
          // Property tests take long on a machine that is busy with the others.
          testTimeout: 30_000,
        },
      },
      {
        ...source,
        test: {
          name: "e2e",
          include: ["{packages,apps,tools}/*/e2e/**/*.test.ts"],
          // Every message that `fetch` brings is held against the official schema of its revision.
          setupFiles: ["tools/spec/src/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
