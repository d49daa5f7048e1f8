/** Turned away for a while: it is said when to try again, and a read waits by itself when that is soon. */
import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Problem } from "@/lib/problem";
import { type Method, request } from "@/lib/request";
import { messages as en } from "@/locales/en.po";
import { messages as es } from "@/locales/es.po";

i18n.load({ en, es });
let answers: Response[];
let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  i18n.activate("en");
  answers = [];
  asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    return answers.shift() ?? Response.json({ fine: true });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function away(status: number, after: string | null): Response {
  const body = { errors: [{ message: "Too many requests. Try again in 9 seconds." }] };
  const headers: Record<string, string> = after === null ? {} : { "retry-after": after };
  return Response.json(body, { status, headers });
}

/** What the request came to once `ms` have passed. */
async function outcome(method: Method, ms: number, signal?: AbortSignal): Promise<unknown> {
  const sent = request(method, "/api/contacts", { signal }).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(ms);
  return sent;
}

async function told(): Promise<string> {
  return ((await outcome("POST", 0)) as Problem).message.replaceAll("\u00a0", " ");
}

it("asks again when the time is over", async () => {
  answers.push(away(429, "3"), away(503, "2"));
  const sent = request("GET", "/api/contacts");
  await vi.advanceTimersByTimeAsync(2_900);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(5_200);
  expect(await sent).toEqual({ fine: true });
  expect(asked).toBe(3);
});

it("gives up after four times", async () => {
  answers.push(...[1, 2, 3, 4].map(() => away(429, "1")));
  expect(await outcome("GET", 10_000)).toMatchObject({ kind: "limited", wait: 1 });
  expect(asked).toBe(4);
});

it("does not keep anyone waiting for long, nor send a write twice", async () => {
  answers.push(away(429, "60"));
  expect(await outcome("GET", 0)).toMatchObject({ kind: "limited", wait: 60 });
  answers.push(away(429, "1"));
  expect(await outcome("PATCH", 10_000)).toMatchObject({ kind: "limited", wait: 1 });
  expect(asked).toBe(2);
});

it("does not ask again for what nobody waits for any more", async () => {
  answers.push(away(429, "1"));
  const gone = new AbortController();
  const sent = request("GET", "/api/contacts", { signal: gone.signal }).catch((thrown) => thrown);
  await vi.advanceTimersByTimeAsync(100);
  gone.abort();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await sent).toMatchObject({ name: "AbortError" });
  expect(asked).toBe(1);
});

it.each([
  [429, "40", "Too many requests in a short time. Try again in 40 seconds."],
  [429, "1", "Too many requests in a short time. Try again in 1 second."],
  [429, "100", "Too many requests in a short time. Try again in 2 minutes."],
  [429, "3600", "Too many requests in a short time. Try again in 60 minutes."],
  [429, "5401", "Too many requests in a short time. Try again in 2 hours."],
  [429, null, "Too many requests in a short time. Try again in a moment."],
  [503, "20", "The server is busy or starting. Try again in 20 seconds."],
  [503, null, "The server is busy or starting. Try again in a moment."],
])("says when to try again: %i, %s", async (status, after, message) => {
  answers.push(away(status, after));
  expect(await told()).toBe(message);
});

it("reads a date of HTTP too", async () => {
  vi.setSystemTime("2026-11-21T10:00:00Z");
  answers.push(away(503, "Sat, 21 Nov 2026 10:00:30 GMT"));
  expect(await outcome("POST", 0)).toMatchObject({ kind: "slow", wait: 30 });
});

it("says it in Spanish", async () => {
  i18n.activate("es");
  answers.push(away(429, "40"));
  const message =
    "Demasiadas solicitudes en poco tiempo. Inténtalo de nuevo dentro de 40 segundos.";
  expect(await told()).toBe(message);
});
