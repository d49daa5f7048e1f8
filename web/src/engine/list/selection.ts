/** Which records are chosen: some that are known, or everything that matches. */
import { useCallback, useMemo, useState } from "react";
import type { Doc } from "@/engine/definitions";

export type Selection = {
  docs: ReadonlyMap<string, Doc>;
  /** Everything that matches, seen or not. */
  all: boolean;
};

const NONE: Selection = { docs: new Map(), all: false };

export type Choose = {
  selection: Selection;
  has: (id: string) => boolean;
  toggle: (docs: readonly Doc[], on?: boolean) => void;
  everything: () => void;
  clear: () => void;
};

/** Adds documents, or takes them away when all of them are chosen already. */
export function toggled(former: Selection, docs: readonly Doc[], on?: boolean): Selection {
  const chosen = new Map(former.docs);
  const add = on ?? !docs.every((doc) => chosen.has(doc.id));
  for (const doc of docs) {
    if (add) chosen.set(doc.id, doc);
    else chosen.delete(doc.id);
  }
  return { docs: chosen, all: false };
}

/** `scope` changes when another question is asked: what was chosen among other rows is let go. */
export function useSelection(scope: string): Choose {
  const [held, setHeld] = useState({ scope, selection: NONE });
  const selection = held.scope === scope ? held.selection : NONE;
  const set = useCallback(
    (next: (former: Selection) => Selection) =>
      setHeld((former) => ({ scope, selection: next(former.scope === scope ? former.selection : NONE) })),
    [scope],
  );
  return useMemo(
    () => ({
      selection,
      has: (id) => selection.all || selection.docs.has(id),
      toggle: (docs, on) => set((former) => toggled(former, docs, on)),
      everything: () => set(() => ({ docs: new Map(), all: true })),
      clear: () => set(() => NONE),
    }),
    [selection, set],
  );
}
