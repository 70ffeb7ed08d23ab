import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's. Nothing is downloaded: where it is not, what needs it is skipped. */
const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why there is no browser to test with, for the name of what is skipped; `undefined` where there is one. */
export const noChromium: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `no Chromium at ${EXECUTABLE}; set CHROMIUM to where there is one`;

/** Starts it, with no window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
}
