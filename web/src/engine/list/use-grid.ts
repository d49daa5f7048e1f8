/** The state of the grid: where the cursor is, what is being edited, and what both do to records. */
import { t } from "@lingui/core/macro";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import type { Names, Then } from "@/engine/list/cell-editor";
import { type Col, hasNames, whyNot } from "@/engine/list/columns";
import { type Cell, type Cursor, HEAD } from "@/engine/list/cursor";
import type { Editing, RowApi } from "@/engine/list/grid-row";
import { cellPatch, isSame } from "@/engine/list/paste";
import type { Rows } from "@/engine/list/rows";
import { titleOf } from "@/engine/titles";
import { useWrites } from "@/engine/writes";
import { toast } from "@/ui/toast";

export type Grid = {
  definition: Definition;
  cols: readonly Col[];
  rows: Rows;
  cursor: Cursor;
  /** Whether one has been there: before that nothing is marked. */
  active: boolean;
  editing: Editing | null;
  place: (cursor: Cursor) => void;
  /** Starts editing; says why when it cannot. */
  edit: (cell: Cell, clear?: boolean) => void;
  focus: () => void;
  activate: () => void;
  api: RowApi;
};

type Input = {
  definition: Definition;
  cols: readonly Col[];
  rows: Rows;
  scroller: RefObject<HTMLDivElement | null>;
  height: number;
  /** Width of what stays at the left while the rest moves. */
  stuck: number;
};

const START: Cursor = { at: { row: 0, col: 0 }, from: { row: 0, col: 0 } };
/** Header and footer cover this much of the rows. */
const COVERED = 32;

export function useGrid(input: Input): Grid {
  const { definition, cols, rows, scroller } = input;
  const writes = useWrites(definition);
  const [cursor, setCursor] = useState<Cursor>(START);
  const [active, setActive] = useState(false);
  const [editing, setEditing] = useState<Editing | null>(null);
  const latest = useRef({ ...input, cursor });
  useEffect(() => {
    latest.current = { ...input, cursor };
  });
  const focus = useCallback(() => scroller.current?.focus({ preventScroll: true }), [scroller]);
  const activate = useCallback(() => setActive(true), []);
  const place = useCallback((next: Cursor) => {
    setCursor(next);
    setActive(true);
    reveal(latest.current, next.at);
  }, []);
  const edit = useCallback(
    (cell: Cell, clear = false) => {
      const { rows, cols, definition } = latest.current;
      const doc = rows.docAt(cell.row);
      const col = cols[cell.col];
      if (!doc || !col) return;
      const why = whyNot(definition, col, doc);
      if (why) {
        toast({ title: t`${col.label} cannot be edited here`, body: why });
        return;
      }
      if (col.field.type === "checkbox") {
        const value = valueAt(doc, col.path) !== true;
        void write(writes, definition, doc, col, value);
        return;
      }
      // At once, so that the key that began it is typed into the editor.
      flushSync(() => setEditing({ ...cell, clear }));
    },
    [writes],
  );
  const api = useMemo<RowApi>(
    () => ({
      commit: (doc, col, value, then) => {
        setEditing(null);
        focus();
        go(
          latest.current.cursor,
          then,
          latest.current.cols.length,
          latest.current.rows.count,
          place,
        );
        void write(writes, latest.current.definition, doc, col, value);
      },
      cancel: () => {
        setEditing(null);
        focus();
      },
    }),
    [writes, focus, place],
  );
  // Fewer rows than before: the cursor does not stand outside of them.
  const most = Math.max(0, rows.count - 1);
  const inside = cursor.at.row > most && !rows.pending ? START : cursor;
  return {
    definition,
    cols,
    rows,
    cursor: inside,
    active,
    editing,
    place,
    edit,
    focus,
    activate,
    api,
  };
}

function go(
  cursor: Cursor,
  then: Then,
  cols: number,
  rows: number,
  place: (cursor: Cursor) => void,
): void {
  const { row, col } = cursor.at;
  const at = {
    stay: { row, col },
    down: { row: Math.min(rows - 1, row + 1), col },
    right: { row, col: Math.min(cols - 1, col + 1) },
    left: { row, col: Math.max(0, col - 1) },
  }[then];
  place({ at, from: at });
}

/** Writes what an editor brought; a refusal has been told by `Writes`. */
async function write(
  writes: ReturnType<typeof useWrites>,
  definition: Definition,
  doc: Doc,
  col: Col,
  value: unknown,
): Promise<void> {
  const name = titleOf(definition, doc);
  try {
    if (col.isTitle && hasNames(definition)) {
      const { firstName, lastName } = value as Names;
      const patch = { firstName: firstName.trim(), lastName: lastName?.trim() || null };
      if (patch.firstName === (doc.firstName ?? "") && patch.lastName === (doc.lastName ?? null))
        return;
      const full = [patch.firstName, patch.lastName].filter(Boolean).join(" ");
      await writes.update(doc, patch, {
        message: t`Renamed to ${full}`,
        shown: { [col.path]: full },
      });
      return;
    }
    if (isSame(col.field, emptyAsNull(value), emptyAsNull(valueAt(doc, col.path)))) return;
    const { patch, shown } = cellPatch(doc, col, emptyAsNull(value));
    await writes.update(doc, patch, { message: t`${col.label} of ${name} changed`, shown });
  } catch {
    // Rolled back and said already.
  }
}

function emptyAsNull(value: unknown): unknown {
  return value === "" || value === undefined ? null : value;
}

/** Scrolls as little as it takes to bring a cell into sight. */
function reveal({ scroller, height, cols, stuck }: Input, cell: Cell): void {
  const element = scroller.current;
  if (!element) return;
  if (cell.row !== HEAD) {
    const top = cell.row * height;
    const room = element.clientHeight - 2 * COVERED;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + room) element.scrollTop = top + height - room;
  }
  if (cell.col === 0) {
    element.scrollLeft = 0;
    return;
  }
  const before = cols.slice(1, cell.col).reduce((sum, col) => sum + col.width, 0);
  const width = cols[cell.col]?.width ?? 0;
  const room = element.clientWidth - stuck;
  if (before < element.scrollLeft) element.scrollLeft = before;
  else if (before + width > element.scrollLeft + room) element.scrollLeft = before + width - room;
}
