/**
 * Commands and their keys. A page registers what it can do while it is shown; the palette lists it,
 * the keyboard runs it, the `?` sheet explains it, and the user may bind other keys.
 *
 * Keys: "mod+k" (⌘ or Ctrl), "shift+?", "g c" (one after the other), "alt+arrowleft".
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export type Command = {
  /** Stable, for bindings: `go.contacts`, `record.edit`. */
  id: string;
  title: string;
  /** Heading in the palette and on the sheet. */
  group: string;
  keys?: string | undefined;
  /** Words that find it besides its title. */
  keywords?: string | undefined;
  icon?: React.ComponentType<{ size?: number | string }> | undefined;
  /** Left out of the palette: moves of a cursor and the like. */
  hidden?: boolean | undefined;
  /** Of something that stands over the page, and goes before the page unless the focus is there. */
  over?: boolean | undefined;
  /** Runs even while a text field has the focus. */
  everywhere?: boolean | undefined;
  run: () => void;
};

type Registered = { current: Command };

const registered = new Set<Registered>();
const listeners = new Set<() => void>();
let snapshot: readonly Command[] = [];
let bindings: Readonly<Record<string, string>> = {};

export const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);

function publish(): void {
  snapshot = [...registered].map((entry) => entry.current);
  for (const listener of listeners) listener();
}

/** What the user bound instead of the defaults; an empty text means no key at all. */
export function setBindings(next: Readonly<Record<string, string>>): void {
  bindings = next;
  publish();
}

export function keysOf(command: Pick<Command, "id" | "keys">): string | undefined {
  return (bindings[command.id] ?? command.keys) || undefined;
}

/** Makes commands available while the component is mounted. Later registrations win a key. */
export function useCommands(commands: readonly Command[]): void {
  const entries = useRef<Registered[]>([]);
  // Every render, so that `run` sees what the component sees.
  useEffect(() => {
    const fresh = commands.map((command) => ({ current: command }));
    for (const entry of entries.current) registered.delete(entry);
    for (const entry of fresh) registered.add(entry);
    entries.current = fresh;
    publishSoon();
  });
  useEffect(
    () => () => {
      for (const entry of entries.current) registered.delete(entry);
      publishSoon();
    },
    [],
  );
}

let queued = false;

function publishSoon(): void {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    publish();
  });
}

export function useRegistered(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

/** How an event is written in a binding: `mod+shift+k`, `?`, `arrowleft`. */
export function keyOf(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  const printable = event.key.length === 1 && !/[a-z0-9]/.test(key);
  const parts = [
    mod && "mod",
    event.altKey && "alt",
    // Shift is already in "?" and its like.
    event.shiftKey && !printable && "shift",
    key === " " ? "space" : key,
  ];
  return parts.filter(Boolean).join("+");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "range", "color"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** The time in which the second key of "g c" must follow the first. */
const SEQUENCE = 1200;
let begun: { key: string; at: number } | null = null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  const key = keyOf(event);
  const typing = isTyping(event.target);
  const open = document.querySelector("[data-modal], [role=menu], [role=listbox]") !== null;
  const behind = event.target instanceof HTMLElement && event.target.closest("main") !== null;
  const pool = [...snapshot]
    .reverse()
    .filter((c) => (c.everywhere ? true : !typing && !open))
    .sort((a, b) => (behind ? 0 : Number(b.over === true) - Number(a.over === true)));
  const sequence = begun && event.timeStamp - begun.at < SEQUENCE ? `${begun.key} ${key}` : null;
  begun = null;
  const found =
    (sequence && pool.find((c) => keysOf(c) === sequence)) || pool.find((c) => keysOf(c) === key);
  if (found) {
    event.preventDefault();
    found.run();
    return;
  }
  if (!typing && pool.some((c) => keysOf(c)?.startsWith(`${key} `))) {
    begun = { key, at: event.timeStamp };
  }
}

/** Once, when the app starts. */
export function listenToKeys(): () => void {
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}
