/** What pasted cells would change, found out before anything is written. */
import { t } from "@lingui/core/macro";
import {
  type Definition,
  type Doc,
  type Field,
  idOf,
  patchAt,
  type Schema,
  valueAt,
} from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import { type Col, hasNames, whyNot } from "@/engine/list/columns";
import type { Box } from "@/engine/list/cursor";
import type { Patch } from "@/engine/patch";

export type CellChange = {
  doc: Doc;
  col: Col;
  /** What stood on the clipboard. */
  text: string;
  before: string;
  /** The fields to write; nothing where `problem` says why not. */
  patch: Patch | null;
  /** What to show until the server has answered. */
  shown: Patch | null;
  problem: string | null;
};

export type PastePlan = {
  changes: CellChange[];
  /** Cells that hold already what would be written. */
  same: number;
  /** Rows and columns of the clipboard that lie beyond the list. */
  lostRows: number;
  lostCols: number;
};

/** Where each cell of the clipboard goes. One cell, or a run that fits evenly, fills a larger rectangle. */
export function layOut(
  cells: readonly (readonly string[])[],
  box: Box,
): { rows: number; cols: number } {
  const high = cells.length;
  const wide = Math.max(0, ...cells.map((row) => row.length));
  const rows = box.bottom - box.top + 1;
  const cols = box.right - box.left + 1;
  const fills = high > 0 && wide > 0 && rows % high === 0 && cols % wide === 0;
  return fills ? { rows, cols } : { rows: high, cols: wide };
}

type Input = {
  definition: Definition;
  schema: Schema;
  cells: readonly (readonly string[])[];
  box: Box;
  /** Documents from the top row of the box on. */
  docs: readonly Doc[];
  cols: readonly Col[];
};

export async function planPaste(input: Input): Promise<PastePlan> {
  const { cells, box, docs, cols } = input;
  const size = layOut(cells, box);
  const high = Math.max(1, cells.length);
  const jobs: Promise<CellChange | null>[] = [];
  const seen = new Map<string, Promise<unknown>>();
  for (let row = 0; row < Math.min(size.rows, docs.length); row++) {
    const line = cells[row % high] ?? [];
    for (let at = 0; at < size.cols; at++) {
      const doc = docs[row];
      const col = cols[box.left + at];
      const text = line[line.length > 0 ? at % line.length : 0];
      if (doc && col && text !== undefined) jobs.push(planCell(input, doc, col, text, seen));
    }
  }
  const planned = await Promise.all(jobs);
  const changes = planned.filter((change) => change !== null);
  return {
    changes,
    same: planned.length - changes.length,
    lostRows: Math.max(0, size.rows - docs.length),
    lostCols: Math.max(0, box.left + size.cols - cols.length),
  };
}

async function planCell(
  { definition, schema }: Input,
  doc: Doc,
  col: Col,
  text: string,
  seen: Map<string, Promise<unknown>>,
): Promise<CellChange | null> {
  const before = col.view.text(valueAt(doc, col.path), col.field);
  const change = { doc, col, text, before, patch: null, shown: null, problem: null };
  if (text.trim() === before.trim()) return null;
  const refused = whyNot(definition, col, doc);
  if (refused) return { ...change, problem: refused };
  if (col.isTitle && hasNames(definition)) {
    if (text.trim() === "") return { ...change, problem: t`It cannot be empty.` };
    return { ...change, ...namePatch(col, text) };
  }
  try {
    // The same words in many rows are looked up once.
    const key = `${col.path}\n${text}`;
    const parsing =
      seen.get(key) ?? Promise.resolve().then(() => col.view.parse(text, col.field, schema));
    seen.set(key, parsing);
    const value = await parsing;
    if (isSame(col.field, value, valueAt(doc, col.path))) return null;
    if (col.field.required && isEmpty(value)) return { ...change, problem: t`It cannot be empty.` };
    return { ...change, ...cellPatch(doc, col, value) };
  } catch (thrown) {
    return { ...change, problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

export function isSame(field: Field, one: unknown, other: unknown): boolean {
  return JSON.stringify(ids(field, one)) === JSON.stringify(ids(field, other));
}

/** What to write and what to show to give one cell a value. */
export function cellPatch(
  doc: Doc,
  col: Pick<Col, "path" | "field">,
  value: unknown,
): { patch: Patch; shown: Patch } {
  const [first = col.path] = col.path.split(".");
  const stored = patchAt(doc, col.path, ids(col.field, value));
  const shown = patchAt(doc, col.path, value);
  return { patch: { [first]: stored[first] }, shown: { [first]: shown[first] } };
}

/** Related documents as ids; any other value as it is. */
export function ids(field: Field, value: unknown): unknown {
  if (field.type !== "relationship") return value ?? null;
  return Array.isArray(value) ? value.map(idOf) : idOf(value);
}

/** "Ana Ruiz López" → first name Ana, last name Ruiz López. */
export function namePatch(col: Pick<Col, "path">, text: string): { patch: Patch; shown: Patch } {
  const [firstName = "", ...rest] = text.trim().split(/\s+/);
  const patch = { firstName, lastName: rest.join(" ") || null };
  return { patch, shown: { ...patch, [col.path]: text.trim() } };
}

/** Changes of the same document go out together. */
export function byDoc(changes: readonly CellChange[]): { doc: Doc; patch: Patch; shown: Patch }[] {
  const out = new Map<string, { doc: Doc; patch: Patch; shown: Patch }>();
  for (const { doc, patch, shown } of changes) {
    if (!patch) continue;
    const held = out.get(doc.id) ?? { doc, patch: {}, shown: {} };
    out.set(doc.id, {
      doc,
      patch: { ...held.patch, ...merged(doc, held.patch, patch) },
      shown: { ...held.shown, ...merged(doc, held.shown, shown ?? {}) },
    });
  }
  return [...out.values()];
}

/** Two cells of one group of fields: the second brings only what it changes. */
function merged(doc: Doc, held: Patch, next: Patch): Patch {
  return Object.fromEntries(
    Object.entries(next).map(([key, value]) => {
      const former = held[key];
      if (!isPlain(former) || !isPlain(value)) return [key, value];
      const original = isPlain(doc[key]) ? doc[key] : {};
      const changed = Object.entries(value).filter(([name, each]) => each !== original[name]);
      return [key, { ...former, ...Object.fromEntries(changed) }];
    }),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("id" in value);
}
