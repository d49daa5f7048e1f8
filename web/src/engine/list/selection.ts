/** Which records are chosen: some that are known, or everything that matches but a few. */
import { useCallback, useMemo, useState } from "react";
import type { Doc } from "@/engine/definitions";

export type Selection = {
  docs: ReadonlyMap<string, Doc>;
  /** Everything that matches, seen or not. */
  all: boolean;
  /** What is left out of everything. */
  except: ReadonlySet<string>;
};

export const NONE: Selection = { docs: new Map(), all: false, except: new Set() };

export type Choose = {
  selection: Selection;
  has: (id: string) => boolean;
  toggle: (docs: readonly Doc[], on?: boolean) => void;
  everything: () => void;
  clear: () => void;
};

/** Adds documents, or takes them away when all of them are chosen already. */
export function toggled(former: Selection, docs: readonly Doc[], on?: boolean): Selection {
  if (former.all) return toggledInAll(former, docs, on);
  const chosen = new Map(former.docs);
  const add = on ?? !docs.every((doc) => chosen.has(doc.id));
  for (const doc of docs) {
    if (add) chosen.set(doc.id, doc);
    else chosen.delete(doc.id);
  }
  return { ...NONE, docs: chosen };
}

function toggledInAll(former: Selection, docs: readonly Doc[], on?: boolean): Selection {
  const except = new Set(former.except);
  const add = on ?? docs.some((doc) => except.has(doc.id));
  for (const doc of docs) {
    if (add) except.delete(doc.id);
    else except.add(doc.id);
  }
  return { ...former, except };
}

export function sizeOf(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.except.size) : selection.docs.size;
}

/** `scope` changes when another question is asked: what was chosen among other rows is let go. */
export function useSelection(scope: string): Choose {
  const [held, setHeld] = useState({ scope, selection: NONE });
  const selection = held.scope === scope ? held.selection : NONE;
  const set = useCallback(
    (next: (former: Selection) => Selection) =>
      setHeld((former) => ({
        scope,
        selection: next(former.scope === scope ? former.selection : NONE),
      })),
    [scope],
  );
  return useMemo(
    () => ({
      selection,
      has: (id) => (selection.all ? !selection.except.has(id) : selection.docs.has(id)),
      toggle: (docs, on) => set((former) => toggled(former, docs, on)),
      everything: () => set(() => ({ ...NONE, all: true })),
      clear: () => set(() => NONE),
    }),
    [selection, set],
  );
}
