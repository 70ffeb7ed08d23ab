import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Download, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { startExample } from "./support/app.ts";
import { noChromium, startChromium } from "./support/chromium.ts";
import { call, post } from "./support/post.ts";

const MINUTE = 60_000;
/** Set it to a folder to look at what the tests saw. */
const SHOTS = process.env["SHOTS"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What a hostile client sends: as the name of a tool, as arguments, and as its user agent. */
const MARKUP = `<img src=x onerror="document.title='owned'">`;
const TURNED = `invoices\u202etsil`;

const views = [
  { name: "desktop, light", width: 1280, height: 900, colorScheme: "light" },
  { name: "desktop, dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone, light", width: 360, height: 740, colorScheme: "light" },
  { name: "phone, dark", width: 360, height: 740, colorScheme: "dark" },
] as const;
type View = (typeof views)[number];

let example: Example;
let browser: Browser;
let context: BrowserContext | undefined;
let broken: string[] = [];

async function callAs(user: string, tool: string, args: object = {}): Promise<Response> {
  return post(example.endpoint, call(tool, args), {
    authorization: `Bearer ${await example.provider.issue(user)}`,
    headers: { "user-agent": `agent ${MARKUP}` },
  });
}

/** A page of a view, signed in. Whatever breaks in it fails the test. */
async function openAs(user: string, view: View): Promise<Page> {
  context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") broken.push(message.text());
  });
  page.on("pageerror", (error) => broken.push(error.message));
  await page.goto(`${example.app.url}/`);
  await page.locator(`[data-account=${user}]`).click();
  await page.getByText("Signed in as").waitFor();
  return page;
}

const part = (page: Page) => page.locator("#audit");
const items = (page: Page) => part(page).locator("ol > li");

const lineWith = (page: Page, text: string | RegExp) =>
  items(page).filter({ hasText: text }).first().locator("summary");

/** The console in pieces that can be looked at. */
async function shoot(page: Page, view: View, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  const pieces = await part(page)
    .locator("> details, > div > :not(ol), > div > ol > li:nth-child(-n + 5)")
    .all();
  for (const [index, piece] of pieces.entries()) {
    if (!(await piece.isVisible())) continue;
    await piece.screenshot({
      path: `${SHOTS}/${view.name.replace(", ", "-")}-${name}-${index}.png`,
    });
  }
}

interface Axe {
  run(): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>;
}

/** What axe finds on the whole page. It is put there by the debugger, which the page's policy does not concern. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
}

describe.skipIf(noChromium !== undefined)(
  `the console in a browser${noChromium === undefined ? "" : ` (skipped: ${noChromium})`}`,
  () => {
    beforeAll(async () => {
      [example, browser] = await Promise.all([startExample(), startChromium()]);
      for (let calls = 0; calls < 60; calls++) {
        await callAs("bob", calls % 7 === 0 ? "invoices_create" : "invoices_list");
      }
      const args = { customer: MARKUP, amountCents: "9007199254740993", note: TURNED };
      await callAs("alice", "invoices_create", args);
      await callAs("alice", "invoices_create", { customer: MARKUP, amountCents: "125" });
      await callAs("alice", MARKUP, { [MARKUP]: [1, { deep: TURNED }] });
      await callAs("alice", TURNED);
      await example.app.advance(10 * MINUTE);
    });

    afterAll(async () => {
      await browser.close();
      await example.close();
    });

    afterEach(async () => {
      await context?.close();
      expect(broken.splice(0)).toEqual([]);
    });

    it.each(views)("$name: shows everything, and axe has nothing to say", async (view) => {
      const page = await openAs("carol", view);
      await items(page).first().waitFor();
      await shoot(page, view, "1-list");
      expect(await items(page).count()).toBe(50);
      expect(await isTooWide(page)).toBe(false);
      expect(await violations(page)).toEqual([]);

      await page.getByText("Filters: none").click();
      await page.getByText("Calls and latencies").click();
      await page.getByText(/^\d+ calls in 7 days/).waitFor();
      await page.getByText("Verify and export").click();
      await page.getByRole("button", { name: "Verify the chain" }).click();
      await page.getByText("The chain is whole").waitFor();
      for (const text of ["session start", "<img", /createokalice/, "invalid"]) {
        await lineWith(page, text).click();
      }
      await page.getByText("Arguments", { exact: true }).first().waitFor();
      await shoot(page, view, "2-open");
      expect(await isTooWide(page)).toBe(false);
      expect(await violations(page)).toEqual([]);
    });

    it("shows foreign text as text", async () => {
      const page = await openAs("carol", views[0]);
      await items(page).first().waitFor();
      for (const text of ["<img", "202e", /createokalice/]) await lineWith(page, text).click();
      await page.getByText("Calls and latencies").click();
      await page.getByText(/^\d+ calls in 7 days/).waitFor();
      const text = await part(page).innerText();
      expect(text).toContain(MARKUP);
      expect(text).toContain("invoices\\u202etsil");
      expect(text).not.toContain("\u202e");
      expect(await part(page).locator("img").count()).toBe(0);
      expect(await page.title()).not.toBe("owned");
    });

    it.each(["alice", "bob"])("shows %s nothing but why, and stops asking", async (user) => {
      const asked: string[] = [];
      const page = await openAs(user, views[2]);
      page.on("request", (request) => asked.push(request.url()));
      await page.getByText("Only an admin may read the audit log.").waitFor();
      expect(await part(page).innerText()).toBe("Only an admin may read the audit log.");
      await shoot(page, views[2], `3-${user}`);
      await page.waitForTimeout(3000);
      expect(asked.filter((url) => url.includes("/audit/"))).toEqual([]);
      // What Chromium says of each answer of 403.
      expect(broken.splice(0).every((text) => text.includes("403"))).toBe(true);
    });

    it("filters, shows the like of an entry, pages, and clears", async () => {
      const page = await openAs("carol", views[0]);
      await items(page).first().waitFor();
      await page.getByText("Filters: none").click();
      await page.getByLabel("Person").fill("bob");
      await page.getByLabel("Kind").selectOption("tool");
      await page.getByLabel("Outcome").selectOption("denied");
      await page.getByRole("button", { name: "Apply" }).click();
      await page.getByText("9 entries shown.").waitFor();
      expect(await items(page).count()).toBe(9);
      await page.getByText("Filters: kind tool, outcome denied, person bob").waitFor();

      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("50 entries shown.").waitFor();
      await lineWith(page, "invoices_list").click();
      await page.getByRole("button", { name: "Only these: same tool" }).click();
      await page.getByText("Filters: tool invoices_list").waitFor();
      const older = page.getByRole("button", { name: "Show older entries" });
      await older.click();
      await page.getByText("51 entries shown, and there is no more.").waitFor();
      expect(await older.isVisible()).toBe(false);
      expect(await items(page).nth(50).locator("summary").evaluate(isFocused)).toBe(true);

      await page.getByLabel("From").fill("2999-01-01T00:00");
      await page.getByRole("button", { name: "Apply" }).click();
      await page.getByText("There is no such entry yet.").waitFor();
    });

    it("tells of what comes, unless it is paused or hidden", async () => {
      const page = await openAs("carol", views[1]);
      await items(page).first().waitFor();
      const line = lineWith(page, "202e");
      await line.click();
      await callAs("bob", "whoami");
      await page.getByText("the latest is whoami, ok.").waitFor();
      // What somebody reads stays open, below what came.
      expect(await items(page).first().innerText()).toContain("whoami");
      expect(await line.locator("..").getAttribute("open")).toBe("");

      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const pause = page.getByRole("button", { name: "Pause" });
      await pause.click();
      expect(await pause.getAttribute("aria-pressed")).toBe("true");
      await page.waitForTimeout(500);
      asked.length = 0;
      await callAs("bob", "invoices_stats");
      await page.waitForTimeout(4000);
      expect(asked).toEqual([]);
      await pause.click();
      await page.getByText("the latest is invoices_stats, ok.").waitFor();

      await setHidden(page, true);
      await page.waitForTimeout(500);
      asked.length = 0;
      await page.waitForTimeout(4000);
      expect(asked).toEqual([]);
      await setHidden(page, false);
      await expect.poll(() => asked.length).toBeGreaterThan(0);
    });

    it("downloads the log, a JSON object a line", async () => {
      const page = await openAs("carol", views[3]);
      await page.getByText("Verify and export").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download JSON Lines" }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^audit-[\dT-]+\.jsonl$/);
      const lines = await textOf(download);
      expect(lines.length).toBeGreaterThan(60);
      expect(lines.map((line) => JSON.parse(line) as object).at(0)).toMatchObject({ kind: "tool" });
    });

    it("says what a noted link shows", async () => {
      const page = await openAs("carol", views[2]);
      await page.getByText("Verify and export").click();
      const noted = page.getByLabel("A link that you noted");
      const verify = page.getByRole("button", { name: "Verify the chain" });
      await noted.fill("nonsense");
      await verify.click();
      await page.getByText("Expected a link as it is shown here").waitFor();
      await noted.fill(`0:${"0".repeat(64)}`);
      await verify.click();
      await page.getByText("1 problem in").waitFor();
      await page.getByText("Link 0 is not the one that was noted.").waitFor();
      expect(await violations(page)).toEqual([]);
    });

    it("is left by the keyboard as it was come to, and each stop can be seen", async () => {
      const page = await openAs("carol", views[0]);
      await items(page).first().waitFor();
      await page.getByText("Calls and latencies").focus();
      const stops: string[] = [];
      const press = async (key: string) => {
        await page.keyboard.press(key);
        const { name, outline } = await page.evaluate(() => {
          const { activeElement } = document;
          const { outlineStyle, outlineWidth } = getComputedStyle(activeElement!);
          const name = activeElement!.getAttribute("aria-label") ?? activeElement!.textContent;
          return { name: name.slice(0, 30), outline: `${outlineStyle} ${outlineWidth}` };
        });
        expect.soft(outline, name).toBe("solid 3px");
        stops.push(name);
      };
      for (let presses = 0; presses < 3; presses++) await press("Tab");
      expect(stops.splice(0)).toEqual(["Verify and export", "Pause", "Filters: none"]);
      await page.keyboard.press("Enter");
      for (let presses = 0; presses < 5; presses++) await press("Tab");
      await page.getByLabel("Person").focus();
      await page.keyboard.type("alice");
      await page.keyboard.press("Enter");
      await page.getByText("Filters: person alice").waitFor();
      await page.getByText(/^\d entries shown\.$/).waitFor();
      stops.length = 0;
      // The fields after it (a field of time has stops of its own) and both buttons, then the entries.
      for (let presses = 0; presses < 30 && !stops.at(-1)?.includes("invoices"); presses++) {
        await press("Tab");
      }
      expect(stops).toEqual(expect.arrayContaining(["Apply", "Clear"]));
      await page.keyboard.press("Enter");
      await page.getByText("Entry id").waitFor();
      stops.length = 0;
      for (let presses = 0; presses < 5; presses++) await press("Tab");
      expect(stops).toEqual([
        "Only these: same kind",
        "Only these: same tool",
        "Only these: same outcome",
        "Only these: same person",
        expect.stringContaining("<img"),
      ]);
      for (let presses = 0; presses < 20; presses++) await page.keyboard.press("Shift+Tab");
      expect(await part(page).evaluate((root) => root.contains(document.activeElement))).toBe(true);
    });

    it("lets who signs out keep nothing", async () => {
      const page = await openAs("carol", views[0]);
      await items(page).first().waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect.poll(() => part(page).innerText()).toBe("You are not signed in.");
    });
  },
);

function isFocused(element: Element): boolean {
  return element === document.activeElement;
}

/** Says so, as a browser does whose tab is put behind another. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

async function textOf(download: Download): Promise<string[]> {
  return (await readFile(await download.path(), "utf8")).trim().split("\n");
}
