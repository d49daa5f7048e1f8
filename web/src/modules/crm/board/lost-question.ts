/** The question that stands open, between the board that asks and the dialog that answers. */
import { useSyncExternalStore } from "react";
import type { Doc } from "@/engine/definitions";

type Answer = Record<string, unknown> | null;
export type Asked = { doc: Doc; label: string; answer: (answer: Answer) => void };

let open: Asked | null = null;
const listeners = new Set<() => void>();

function set(next: Asked | null): void {
  open = next;
  for (const listener of listeners) listener();
}

export function askWhyLost(doc: Doc, label: string): Promise<Answer> {
  open?.answer(null);
  return new Promise((resolve) => set({ doc, label, answer: resolve }));
}

export function answer(given: Answer): void {
  const asked = open;
  set(null);
  asked?.answer(given);
}

export function useAsked(): Asked | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
