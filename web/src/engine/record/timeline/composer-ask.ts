/** Asks the composer of a record for a kind of entry, also when its tab is yet to be shown. */
import type { LogKind } from "@/engine/record/timeline/kinds";

type Asked = { key: string; kind: LogKind };

let waiting: Asked | null = null;
const listeners = new Set<(asked: Asked) => void>();

export function askComposer(key: string, kind: LogKind): void {
  const asked = { key, kind };
  waiting = asked;
  for (const listener of listeners) listener(asked);
}

/** Answers what is asked from now on, and what was asked just before. */
export function onAsked(key: string, answer: (kind: LogKind) => void): () => void {
  const listener = (asked: Asked) => {
    if (asked.key !== key) return;
    waiting = null;
    answer(asked.kind);
  };
  listeners.add(listener);
  if (waiting) listener(waiting);
  return () => {
    listeners.delete(listener);
  };
}
