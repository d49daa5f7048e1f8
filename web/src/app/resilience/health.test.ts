// @vitest-environment jsdom
/** The server is away when it does not say otherwise, and the app notices by itself when it is back. */
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

type Answer = () => Promise<Response>;

const lost: Answer = () => Promise.reject(new TypeError("Failed to fetch"));
const fine: Answer = () => Promise.resolve(new Response("{}"));
let page: Answer;
let alive: Answer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal("fetch", (url: string) => (url === "/api/healthz" ? alive() : page()));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function start() {
  const health = await import("@/app/resilience/health");
  const { result } = renderHook(() => health.useHealth());
  const recovered = vi.fn();
  health.onRecovered(recovered);
  const ask = () =>
    act(() =>
      health.watched("/api/contacts").then(
        () => undefined,
        () => undefined,
      ),
    );
  const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  return { state: () => result.current.state, recovered, ask, wait };
}

it("tries again by itself and says when the server is back", async () => {
  const { state, recovered, ask, wait } = await start();
  page = lost;
  alive = lost;
  await ask();
  await wait(0);
  expect(state()).toBe("away");
  await wait(5_000);
  expect(recovered).not.toHaveBeenCalled();
  alive = fine;
  await wait(30_000);
  expect(state()).toBe("well");
  expect(recovered).toHaveBeenCalledTimes(1);
});

it("takes one lost request for what it is while the server answers", async () => {
  const { state, recovered, ask, wait } = await start();
  page = lost;
  alive = fine;
  await ask();
  await wait(60_000);
  expect(state()).toBe("well");
  expect(recovered).not.toHaveBeenCalled();
});

it("is not away for a page's own 503", async () => {
  const { state, ask, wait } = await start();
  page = () => Promise.resolve(new Response("{}", { status: 503 }));
  alive = lost;
  await ask();
  await wait(0);
  expect(state()).toBe("well");
});

it("says that an answer is slow until it has come", async () => {
  const { state, wait } = await start();
  const { watched } = await import("@/app/resilience/health");
  let answer: (response: Response) => void = () => undefined;
  page = () => new Promise((resolve) => (answer = resolve));
  const asked = watched("/api/contacts");
  await wait(6_000);
  expect(state()).toBe("slow");
  answer(new Response("{}"));
  await act(() => asked);
  await wait(0);
  expect(state()).toBe("well");
});

it("says that it is held back for a short while, and nothing of a long one", async () => {
  const { state, recovered, ask, wait } = await start();
  const away = (after: string) =>
    new Response("{}", { status: 429, headers: { "retry-after": after } });
  page = () => Promise.resolve(away("3600"));
  await ask();
  expect(state()).toBe("well");
  page = () => Promise.resolve(away("3"));
  await ask();
  expect(state()).toBe("limited");
  await wait(4_000);
  expect(state()).toBe("well");
  expect(recovered).not.toHaveBeenCalled();
});
