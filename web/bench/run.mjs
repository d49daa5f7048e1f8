/**
 * `make bench-web`: what the app costs a browser, printed beside its budgets. Nothing is asserted.
 *
 *   node bench/run.mjs BINARY
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { firstLoad, largestPaint, median, scrollFrames, throttle, toPaint } from "./measure.mjs";
import { EMAIL, PASSWORD, start } from "./server.mjs";

const ROUNDS = 5;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const [binary] = process.argv.slice(2);
if (!binary) throw new Error("usage: node bench/run.mjs BINARY");

const server = await start(binary);
const profile = mkdtempSync(join(tmpdir(), "mainstay-bench-profile-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ARGS,
  viewport: { width: 1440, height: 900 },
  serviceWorkers: "block",
});

try {
  const answer = await context.request.post(`${server.url}/api/users/login`, {
    data: { email: EMAIL, password: PASSWORD },
    headers: { origin: server.url },
  });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
  const at = (slug) => `${server.url}/w/${slug}/contacts`;
  await size(at("ten"));
  for (const rate of [1, 4]) {
    for (const slug of ["ten", "hundred"]) await walk(at(slug), slug, rate);
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  await server.stop();
}

async function size(address) {
  const { shown, rested } = await firstLoad(context, address);
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(
    `First load of the contacts list, gzip, until rows are shown: JS ${kB(shown.script)} (budget 150 kB), ` +
      `CSS ${kB(shown.stylesheet)}, fonts ${kB(shown.font)}, ${shown.requests} files; ` +
      `at rest, with what may be wanted next: JS ${kB(rested.script)}`,
  );
}

async function walk(address, slug, rate) {
  const rows = slug === "ten" ? "10,000" : "100,000";
  const cdp = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
  const paints = [];
  for (let round = 0; round < ROUNDS; round++) {
    await cdp.send("Network.clearBrowserCache");
    paints.push(await largestPaint(context, address, rate));
  }
  const page = await context.newPage();
  await throttle(page, rate);
  await page.goto(address);
  await page.locator("[role=row]").nth(5).waitFor();
  await page.waitForLoadState("networkidle");
  const keys = [];
  const routes = [];
  for (let round = 0; round < ROUNDS; round++) {
    keys.push(await key(page));
    routes.push(await route(page));
  }
  const frames = await scrollFrames(page);
  const slow = frames.filter((frame) => frame > 33).length;
  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `${rows} rows, CPU ${rate}×: LCP ${ms(median(paints))} (budget ${rate === 4 ? "1,000 ms" : "–"}), ` +
      `key to paint ${ms(median(keys))} (50 ms), route change ${ms(median(routes))} (100 ms), ` +
      `scroll: ${slow} of ${frames.length} frames over 33 ms, median ${ms(median(frames))}`,
  );
  await page.close();
}

/** The palette opens over the list. */
async function key(page) {
  const took = await toPaint(page, () => page.keyboard.press("Control+k"), "[role=dialog] input");
  await page.keyboard.press("Escape");
  await page.locator("[role=dialog]").waitFor({ state: "detached" });
  return took;
}

/** From the contacts to the companies and back. */
async function route(page) {
  const link = page.locator("aside nav a", { hasText: "Companies" });
  const took = await toPaint(page, () => link.click(), "[data-collection=companies] [role=row]");
  await page.locator("aside nav a", { hasText: "Contacts" }).click();
  await page.locator("[data-collection=contacts] [role=row]").nth(3).waitFor();
  return took;
}
