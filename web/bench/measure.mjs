/** What a person waits for, taken in the page itself. */
import { gzipSync } from "node:zlib";

const REST = 4_000;

/**
 * Bytes of a first load, by kind, as they would travel with gzip (what budgets are given in): until the
 * rows are there, and again when the page has come to rest and fetched what may be wanted next.
 */
export async function firstLoad(context, address) {
  const page = await context.newPage();
  const answers = [];
  page.on("response", (response) => {
    const kind = response.request().resourceType();
    if (!["script", "stylesheet", "font", "document"].includes(kind)) return;
    answers.push({ kind, response });
  });
  await page.goto(address);
  await page.locator("[role=row]").nth(5).waitFor();
  const shown = await weigh([...answers]);
  // What may be wanted next is fetched when the page has been calm for a while.
  await page.waitForTimeout(REST);
  await page.waitForLoadState("networkidle");
  const rested = await weigh(answers);
  await page.close();
  return { shown, rested };
}

async function weigh(answers) {
  const sizes = { script: 0, stylesheet: 0, font: 0, document: 0, requests: answers.length };
  for (const { kind, response } of answers) {
    const body = await response.body();
    sizes[kind] += kind === "font" ? body.length : gzipSync(body).length;
  }
  return sizes;
}

export async function throttle(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/** Milliseconds to the largest contentful paint of a page that nothing is cached for but the session. */
export async function largestPaint(context, address, rate) {
  const page = await context.newPage();
  await throttle(page, rate);
  await page.addInitScript(() => {
    window.__lcp = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.__lcp = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto(address);
  await page.locator("[role=row]").nth(5).waitFor();
  await page.waitForTimeout(500);
  const lcp = await page.evaluate(() => window.__lcp);
  await page.close();
  return lcp;
}

/** Milliseconds from the start of an event to the frame that shows what came of it. */
export async function toPaint(page, act, shown) {
  await page.evaluate(() => {
    window.__from = 0;
    const note = (event) => {
      window.__from ||= event.timeStamp;
    };
    for (const type of ["keydown", "pointerdown"]) {
      addEventListener(type, note, { capture: true, once: true });
    }
  });
  const seen = page.evaluate(
    (selector) =>
      new Promise((done) => {
        const look = () => {
          const from = window.__from;
          if (from && document.querySelector(selector)) {
            // The frame in which it is there has been drawn when the next one begins.
            requestAnimationFrame(() => done(performance.now() - from));
          } else requestAnimationFrame(look);
        };
        look();
      }),
    shown,
  );
  await act();
  return seen;
}

/** Scrolls the list from top to bottom in two seconds: how long frames took, in milliseconds. */
export async function scrollFrames(page) {
  return page.evaluate(async () => {
    const scroller = document.querySelector("[data-scroller]");
    if (!scroller) throw new Error("no list to scroll");
    const frames = [];
    const started = performance.now();
    let last = started;
    await new Promise((done) => {
      const step = (now) => {
        frames.push(now - last);
        last = now;
        const share = Math.min(1, (now - started) / 2000);
        scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
        if (share < 1) requestAnimationFrame(step);
        else done();
      };
      requestAnimationFrame(step);
    });
    return frames.slice(2);
  });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
