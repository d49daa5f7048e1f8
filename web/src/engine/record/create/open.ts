/** Asks for a new document, from anywhere: the dialog itself is loaded when it is first wanted. */
import { useSyncExternalStore } from "react";
import type { Doc } from "@/engine/definitions";

export type Wanted = {
  /** Grows with every request, so that each has a dialog of its own. */
  at: number;
  slug: string;
  /** Values to begin with; relations as documents or ids. */
  preset: Record<string, unknown>;
  answer: (made: Doc | null) => void;
};

let wanted: Wanted | null = null;
let count = 0;
/** Where the keyboard was when the dialog was asked for. */
let origin: Element | null = null;
const listeners = new Set<() => void>();

function set(next: Wanted | null): void {
  wanted = next;
  for (const listener of listeners) listener();
}

/** Answers with the document made, or null when the dialog was closed without one. */
export function openCreate(
  slug: string,
  preset: Record<string, unknown> = {},
): Promise<Doc | null> {
  wanted?.answer(null);
  origin = document.activeElement;
  return new Promise((resolve) => {
    count += 1;
    set({ at: count, slug, preset, answer: resolve });
  });
}

export function closeCreate(made: Doc | null): void {
  const former = wanted;
  set(null);
  former?.answer(made);
  const back = origin;
  requestAnimationFrame(() => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && back instanceof HTMLElement && back.isConnected) back.focus();
  });
}

export function useWanted(): Wanted | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}
