/** What the keyboard does in the grid. */
import type { KeyboardEvent } from "react";
import { isSortable } from "@/engine/list/columns";
import { type Cell, HEAD, moved, type Size, step } from "@/engine/list/cursor";
import type { HeaderApi } from "@/engine/list/grid-header";
import type { Groups } from "@/engine/list/groups";
import type { Choose } from "@/engine/list/selection";
import type { Grid } from "@/engine/list/use-grid";

type Input = {
  grid: Grid;
  choose: Choose;
  groups: Groups | null;
  header: HeaderApi;
  page: number;
  selectable: boolean;
  open: (id: string) => void;
  clear: () => void;
  pick: () => void;
};

export function useGridKeys(input: Input): (event: KeyboardEvent<HTMLDivElement>) => void {
  const { grid, page } = input;
  const size: Size = { rows: grid.rows.count, cols: grid.cols.length, page };
  return (event) => {
    // Only what was pressed on the grid itself: editors and buttons in it have their own keys.
    if (event.target !== event.currentTarget || grid.editing || event.altKey !== usesAlt(event))
      return;
    const inHead = grid.cursor.at.row === HEAD;
    const done = inHead ? onHead(event, input) : onCell(event, input) || onGroup(event, input);
    if (done || onMove(event, grid, size)) {
      event.preventDefault();
      return;
    }
    if (!inHead && begins(event, grid)) {
      // Not prevented: the character is typed into the editor that this opens.
      event.nativeEvent.stopPropagation();
      grid.edit(grid.cursor.at, true);
    }
  };
}

function usesAlt(event: KeyboardEvent): boolean {
  return event.altKey && event.key.startsWith("Arrow");
}

function onMove(event: KeyboardEvent, grid: Grid, size: Size): boolean {
  const by = step(event, size);
  if (!by || event.altKey || size.rows === 0) return false;
  grid.place(moved(grid.cursor, by, size, event.shiftKey));
  return true;
}

function onCell(
  event: KeyboardEvent,
  { grid, choose, open, clear, pick, selectable }: Input,
): boolean {
  const { at } = grid.cursor;
  const mod = event.ctrlKey || event.metaKey;
  const doc = grid.rows.docAt(at.row);
  const key = event.key;
  if (mod && key.toLowerCase() === "a" && selectable) {
    choose.everything();
    return true;
  }
  if (mod) return false;
  if (key === "Escape") {
    const some = choose.selection.all || choose.selection.docs.size > 0;
    if (some) choose.clear();
    else grid.place({ at, from: at });
    return some;
  }
  if (!doc) return false;
  if (key === "Enter") {
    if (grid.cols[at.col]?.isTitle && !event.shiftKey) open(doc.id);
    else grid.edit(at);
    return true;
  }
  if (key === "F2") {
    grid.edit(at);
    return true;
  }
  if (key === " ") {
    if (selectable) pick();
    return true;
  }
  if (key === "Delete" || key === "Backspace") {
    clear();
    return true;
  }
  return false;
}

/** The head of a group opens and closes. */
function onGroup(event: KeyboardEvent, { grid, groups }: Input): boolean {
  const head = grid.rows.at(grid.cursor.at.row)?.head;
  if (!groups || head === undefined) return false;
  const open = groups.sections[head]?.open;
  const folds = event.key === "ArrowLeft" && open;
  const unfolds = event.key === "ArrowRight" && !open;
  if (event.key !== "Enter" && event.key !== " " && !folds && !unfolds) return false;
  groups.toggle(head, event.shiftKey);
  return true;
}

const WIDER = 16;

function onHead(event: KeyboardEvent, { grid, header, choose, selectable }: Input): boolean {
  const { at } = grid.cursor;
  const col = grid.cols[at.col];
  const side = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!col) return false;
  if (event.key === "Enter") {
    if (isSortable(col.field)) header.sort(col.path, event.shiftKey);
    return true;
  }
  if (event.key === " " && selectable) {
    choose.everything();
    return true;
  }
  if (event.altKey && event.key === "ArrowDown") {
    const cell = document.querySelector(`[role=columnheader][data-path="${CSS.escape(col.path)}"]`);
    cell?.querySelector<HTMLElement>("[data-menu]")?.click();
    return true;
  }
  if (side && event.shiftKey) {
    header.resize(col.path, col.width + side * WIDER, true);
    return true;
  }
  const other = grid.cols[at.col + side];
  if (side && event.altKey && other && !other.isTitle && !col.isTitle) {
    header.move(col.path, other.path, side > 0);
    const next: Cell = { row: HEAD, col: at.col + side };
    grid.place({ at: next, from: next });
    return true;
  }
  return false;
}

/**
 * Whether a key starts an edit. On the name of a record letters are commands (`j`, `o`, `c`), in the
 * cells beside it they are text.
 */
function begins(event: KeyboardEvent, grid: Grid): boolean {
  const { at } = grid.cursor;
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!typed || !/[\p{L}\p{N}+\-.(€$£]/u.test(event.key)) return false;
  const col = grid.cols[at.col];
  return Boolean(
    col && !col.isTitle && grid.definition.permissions.update && grid.rows.docAt(at.row),
  );
}
