/**
 * Whether the server can be reached. Every request of the app passes `watched`; when one fails to arrive
 * the server is asked by itself, ever more seldom, until it answers again.
 */
import { useSyncExternalStore } from "react";
import { waitOf } from "@/lib/problem";
import { SHORT_WAIT } from "@/lib/request";

export type Health =
  | { state: "well" }
  /** The device has no network. */
  | { state: "offline"; since: number }
  /** The network is there, the server does not answer. */
  | { state: "away"; since: number; retryAt: number }
  /** An answer is taking long. */
  | { state: "slow"; since: number }
  /** Too much was asked for; what was turned away asks again by itself. */
  | { state: "limited"; since: number; retryAt: number };

const PATIENCE = 5_000;
const FIRST_PROBE = 1_000;
const LAST_PROBE = 30_000;
/** What a proxy says when there is no server behind it. A server's own 503 is one page's trouble. */
const ABSENT = new Set([502, 504]);

let health: Health = { state: "well" };
let delay = FIRST_PROBE;
let timer: ReturnType<typeof setTimeout> | undefined;
let waiting = 0;
let writing = 0;
const listeners = new Set<() => void>();
const recovered = new Set<() => void>();

function become(next: Health): void {
  if (next.state === "well" && health.state === "well") return;
  const was = health.state;
  health = next;
  for (const listener of listeners) listener();
  const wasLost = was === "away" || was === "offline";
  if (next.state === "well" && wasLost) for (const listener of recovered) listener();
}

/** Writes on their way: not a moment to reload in. */
export function isWriting(): boolean {
  return writing > 0;
}

export function onRecovered(listener: () => void): () => void {
  recovered.add(listener);
  return () => recovered.delete(listener);
}

/** `fetch`, with an eye on whether anyone answers. */
export const watched: typeof fetch = async (input, init) => {
  const writes = (init?.method ?? "GET") !== "GET";
  if (writes) writing += 1;
  const patience = setTimeout(grow, PATIENCE);
  let isLate = false;
  function grow(): void {
    isLate = true;
    waiting += 1;
    if (health.state === "well") become({ state: "slow", since: Date.now() });
  }
  try {
    const response = await fetch(input, init);
    if (ABSENT.has(response.status)) suspect();
    else if (health.state === "away" || health.state === "offline") settle();
    else if (response.status === 429 && !writes) holdBack(waitOf(response));
    return response;
  } catch (thrown) {
    if (thrown instanceof TypeError) suspect();
    throw thrown;
  } finally {
    clearTimeout(patience);
    if (writes) writing -= 1;
    if (isLate) {
      waiting -= 1;
      if (waiting === 0 && health.state === "slow") become({ state: "well" });
    }
  }
};

/** For as long as the server wants to be left alone, when it is short. */
function holdBack(wait: number | null): void {
  if (wait === null || wait > SHORT_WAIT) return;
  clearTimeout(timer);
  become({ state: "limited", since: Date.now(), retryAt: Date.now() + wait * 1000 });
  timer = setTimeout(settle, wait * 1000 + 500);
}

let asking = false;

/** One request that did not arrive may be that one's fault: the server is away when it does not say otherwise. */
export function suspect(): void {
  if (asking || health.state === "away" || health.state === "offline") return;
  if (!navigator.onLine) {
    become({ state: "offline", since: Date.now() });
    return;
  }
  asking = true;
  void isAlive().then((alive) => {
    asking = false;
    if (alive) return;
    delay = FIRST_PROBE;
    plan();
  });
}

async function isAlive(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(8_000);
    return (await fetch("/api/healthz", { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

function plan(): void {
  clearTimeout(timer);
  const since = health.state === "away" ? health.since : Date.now();
  become({ state: "away", since, retryAt: Date.now() + delay });
  timer = setTimeout(() => void probe(), delay);
  delay = Math.min(delay * 2, LAST_PROBE);
}

/** Asks the server now; the banner's button does it too. */
export async function probe(): Promise<void> {
  clearTimeout(timer);
  if (await isAlive()) {
    settle();
    return;
  }
  if (navigator.onLine) plan();
  else become({ state: "offline", since: Date.now() });
}

function settle(): void {
  clearTimeout(timer);
  delay = FIRST_PROBE;
  become({ state: "well" });
}

/** Once, when the app starts. */
export function watchNetwork(): void {
  addEventListener("offline", () => {
    clearTimeout(timer);
    become({ state: "offline", since: Date.now() });
  });
  addEventListener("online", () => {
    delay = FIRST_PROBE;
    void probe();
  });
  // A laptop that wakes: the wait begun before it slept may be long.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && health.state === "away") void probe();
  });
  if (!navigator.onLine) become({ state: "offline", since: Date.now() });
}

export function useHealth(): Health {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => health,
  );
}
