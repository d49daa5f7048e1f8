/**
 * What a person was typing, kept until it is saved: through a reload, a new version of the app, the end
 * of a session. Lives in the tab (sessionStorage), so that two tabs never write over each other.
 *
 *   const [draft, setDraft, clearDraft] = useDraft(`note:${contact.id}`, { body: "" });
 */
import { useCallback, useRef, useSyncExternalStore } from "react";

const PREFIX = "mainstay.draft:";
const OWNER = "mainstay.draft-owner";
/** Long enough not to write at each key, short enough that a crash loses a word at most. */
const DELAY = 250;

const held = new Map<string, unknown>();
const unwritten = new Set<string>();
const listeners = new Map<string, Set<() => void>>();
let timer: ReturnType<typeof setTimeout> | undefined;

function read(key: string): unknown {
  if (held.has(key)) return held.get(key);
  let value: unknown;
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    value = text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    value = undefined;
  }
  held.set(key, value);
  return value;
}

function publish(key: string): void {
  for (const listener of listeners.get(key) ?? []) listener();
}

function write(key: string, value: unknown): void {
  held.set(key, value);
  unwritten.add(key);
  publish(key);
  clearTimeout(timer);
  timer = setTimeout(flushDrafts, DELAY);
}

/** Writes what is still only in memory: before a reload, when the tab is hidden. */
export function flushDrafts(): void {
  clearTimeout(timer);
  for (const key of unwritten) {
    const value = held.get(key);
    try {
      if (value === undefined) sessionStorage.removeItem(PREFIX + key);
      else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // A full or forbidden store: the draft lasts as long as the page.
    }
  }
  unwritten.clear();
}

/** Whether something is being written that a reload must not disturb without need. */
export function hasDraft(key: string): boolean {
  return read(key) !== undefined;
}

export function clearDraft(key: string): void {
  write(key, undefined);
}

function clearAll(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept then.
  }
  unwritten.clear();
  const keys = [...held.keys()];
  held.clear();
  for (const key of keys) publish(key);
}

/**
 * Says who is writing. Drafts outlive a session, but another person signing in on the same tab must not
 * find them.
 */
export function claimDrafts(user: string): void {
  try {
    const owner = sessionStorage.getItem(OWNER);
    if (owner !== null && owner !== user) clearAll();
    sessionStorage.setItem(OWNER, user);
  } catch {
    // Without a store there is nothing of anyone else's to find.
  }
}

/** State that survives a reload, under a key that says what it belongs to. `clear` goes back to `initial`. */
export function useDraft<T>(
  key: string,
  initial: T,
): [T, (next: T | ((former: T) => T)) => void, () => void] {
  const subscribe = useCallback(
    (listener: () => void) => {
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
      };
    },
    [key],
  );
  const stored = useSyncExternalStore(subscribe, () => read(key)) as T | undefined;
  const value = stored === undefined ? initial : stored;
  // `initial` is often written in place: only the first change, before there is anything held, needs it.
  const start = useRef(initial);
  start.current = initial;
  const set = useCallback(
    (next: T | ((former: T) => T)) => {
      const former = (read(key) as T | undefined) ?? start.current;
      write(key, typeof next === "function" ? (next as (former: T) => T)(former) : next);
    },
    [key],
  );
  const clear = useCallback(() => clearDraft(key), [key]);
  return [value, set, clear];
}

if (typeof window !== "undefined") {
  addEventListener("pagehide", flushDrafts);
  document.addEventListener("visibilitychange", flushDrafts);
}
