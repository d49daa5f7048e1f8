/** What every journey starts with: a browser, people signed in, and ways to say what is wrong. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const base = process.env.BASE_URL;
export const people = {
  ana: process.env.ANA,
  ben: process.env.BEN,
  vera: process.env.VERA,
  sibling: process.env.SIBLING,
};
const password = process.env.PASSWORD;

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const open = [];

/** A browser of its own for one person; whatever the page complains of fails the journey. */
export async function browserOf(email, options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "mainstay-e2e-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "Europe/Madrid",
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A refused request is logged by the browser itself; journeys judge those by what is shown.
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource"))
      faults.push(text);
  });
  const browser = { context, page, faults, profile };
  open.push(browser);
  if (email) await signIn(browser, email);
  return browser;
}

/** By the API, as most journeys are not about the form. */
async function signIn({ context }, email) {
  const answer = await context.request.post(`${base}/api/users/login`, {
    data: { email, password },
    headers: { origin: base },
  });
  assert.equal(answer.status(), 200, `${email} cannot sign in`);
}

/** The API as the person of the browser sees it. */
export async function api({ context }, method, path, data) {
  const answer = await context.request.fetch(`${base}${path}`, {
    method,
    headers: { origin: base },
    ...(data ? { data } : {}),
  });
  return { status: answer.status(), body: await answer.json() };
}

/** Tries until it holds: what a person would wait for. */
export async function eventually(check, what, limit = 15_000) {
  const until = Date.now() + limit;
  let last;
  do {
    try {
      return await check();
    } catch (error) {
      last = error;
      await new Promise((done) => setTimeout(done, 50));
    }
  } while (Date.now() < until);
  throw new Error(`${what}: ${last?.message ?? last}`);
}

/** Runs the journey, and ends the browsers however it went. */
export async function journey(name, walk) {
  try {
    await walk();
    for (const { faults } of open) assert.deepEqual(faults, [], "the page complained");
    console.log(`${name}: walked`);
  } catch (error) {
    console.error(`${name}: ${error.stack ?? error}`);
    for (const [at, { page, faults }] of open.entries()) {
      console.error(`at ${page.url()}`, faults);
      const picture = join(tmpdir(), `mainstay-e2e-${name}-${at}.png`);
      await page.screenshot({ path: picture }).catch(() => undefined);
      console.error(`picture: ${picture}`);
    }
    process.exitCode = 1;
  } finally {
    for (const { context, profile } of open) {
      await context.close().catch(() => undefined);
      rmSync(profile, { recursive: true, force: true });
    }
  }
}

export { assert, password };
