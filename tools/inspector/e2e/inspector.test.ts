import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts, startExample } from "../../../apps/example/e2e/support/app.ts";
import type { Example } from "../../../apps/example/server/serve.ts";
import { executable, launch, shoot, shots } from "./support/browser.ts";
import { type Inspector, startInspector } from "./support/inspector.ts";

const title =
  executable === undefined
    ? "the MCP Inspector in a browser (skipped: no Chromium here; CHROMIUM names one)"
    : "the MCP Inspector in a browser";

describe.skipIf(executable === undefined)(title, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  describe.each([
    ["with a provider that registers clients", false],
    ["with a provider that does not, and the bridge", true],
  ])("%s", (_what, bridge) => {
    let example: Example;
    let inspector: Inspector;
    let page: Page;
    beforeAll(async () => {
      example = await startExample({ bridge, strangers: false });
      const [port] = await freePorts();
      inspector = await startInspector(example.endpoint, port);
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    });
    afterAll(async () => {
      await page?.close();
      await inspector?.close();
      await example?.close();
    });

    it("registers, signs its user in, and calls a tool as them", async () => {
      try {
        await page.goto(inspector.url);
        await page.getByRole("switch").click({ force: true });
        if (bridge) await agree(page);
        await page.waitForURL(`${example.provider.issuer}/login/**`);
        await page.locator("button[value=alice]").click();
        await page.waitForURL("http://127.0.0.1:*/**");
        expect(await callWhoami(page)).toContain('"subject": "alice"');
        await shoot(page, `called-${bridge ? "bridge" : "provider"}`);
      } catch (error) {
        await page.screenshot({ path: `${shots}/failed.png` });
        throw new Error(`See the pictures in ${shots}`, { cause: error });
      }
    });

    it.runIf(bridge)("is told on a page why a sign-in cannot go on", async () => {
      const response = await page.goto(`${example.app.url}/oauth/authorize?client_id=gone`);
      expect(response?.status()).toBe(400);
      await expectReadable(page, "Sign-in failed");
      await shoot(page, "error");
    });
  });
});

/** The consent page of the bridge, with the keyboard alone. */
async function agree(page: Page): Promise<void> {
  await page.waitForURL("**/oauth/authorize?**");
  await expectReadable(page, "Connect MCP Inspector?");
  await shoot(page, "consent");
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Continue");
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Cancel");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
}

async function callWhoami(page: Page): Promise<string> {
  await page.getByText("Tools", { exact: true }).first().click();
  await page.getByText("whoami").first().click();
  await page
    .getByRole("button", { name: /execute|run/i })
    .first()
    .click();
  await page.getByText("Structured Output").waitFor();
  return page.locator("body").innerText();
}

/** What WCAG 2.2 wants of every page, as far as a script can tell: language, title, one heading, zoom, contrast, no sideways scrolling. */
async function expectReadable(page: Page, expectedTitle: string): Promise<void> {
  expect(await page.title()).toBe(expectedTitle);
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(await page.locator("h1").count()).toBe(1);
  expect(await page.locator("main").count()).toBe(1);
  const viewport = await page.locator("meta[name=viewport]").getAttribute("content");
  expect(viewport).toBe("width=device-width, initial-scale=1");
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    for (const ratio of await contrasts(page)) expect(ratio).toBeGreaterThanOrEqual(4.5);
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before !== null) await page.setViewportSize(before);
}

/** The contrast of each text with what is behind it (WCAG 2.2, 1.4.3). */
function contrasts(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const rgb = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = rgb(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const { backgroundColor } = getComputedStyle(element);
      return rgb(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
    };
    return [...document.querySelectorAll("h1, p, dt, dd, code, a, button")].map((element) => {
      const pair = [getComputedStyle(element).color, behind(element)].map(luminance);
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    });
  });
}
