/** What the mouse does in the grid. One listener for all rows: they are many and short-lived. */
import { type MouseEvent, useRef } from "react";
import type { Cell } from "@/engine/list/cursor";
import type { Groups } from "@/engine/list/groups";
import type { Grid } from "@/engine/list/use-grid";

function cellOf(target: EventTarget): Cell | null {
  if (!(target instanceof Element)) return null;
  const row = target.closest<HTMLElement>("[data-row]")?.dataset.row;
  const col = target.closest<HTMLElement>("[data-col]")?.dataset.col;
  return row === undefined ? null : { row: Number(row), col: Number(col ?? -1) };
}

const EDITOR = "input, textarea, select, button, [role=combobox], [role=listbox]";

function inEditor(target: EventTarget): boolean {
  return target instanceof Element && target.closest(EDITOR) !== null;
}

export function useGridPointer(
  grid: Grid,
  groups: Groups | null,
  pick: (row: number, range: boolean) => void,
  open: (id: string) => void,
) {
  const dragging = useRef(false);
  return {
    onMouseDown: (event: MouseEvent) => {
      if (event.button !== 0 || inEditor(event.target)) return;
      const cell = cellOf(event.target);
      if (!cell) return;
      // Keeps the focus on the grid, and text from being marked while cells are.
      event.preventDefault();
      grid.focus();
      if (cell.col < 0) return;
      dragging.current = true;
      grid.place({ at: cell, from: event.shiftKey ? grid.cursor.from : cell });
    },
    onMouseOver: (event: MouseEvent) => {
      if (!dragging.current) return;
      if (event.buttons !== 1) {
        dragging.current = false;
        return;
      }
      const cell = cellOf(event.target);
      const { at, from } = grid.cursor;
      if (!cell || cell.col < 0 || (cell.row === at.row && cell.col === at.col)) return;
      grid.place({ at: cell, from });
    },
    onClickCapture: (event: MouseEvent) => {
      if (!(event.target instanceof Element)) return;
      const link = event.target.closest<HTMLElement>("a[href]");
      const { record } = link?.dataset ?? {};
      const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
      if (record && plain) {
        event.preventDefault();
        open(record);
        return;
      }
      const outward = link && !/^\/w\//.test(link.getAttribute("href") ?? "");
      // In a grid a click chooses the cell; with Ctrl, or on the button that says so, the link is followed.
      if (outward && !link.hasAttribute("data-go") && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
      }
    },
    onClick: (event: MouseEvent) => {
      if (!(event.target instanceof HTMLElement)) return;
      const row = event.target.closest<HTMLElement>("[data-row]");
      if (!row) return;
      const head = row.dataset.group;
      if (head !== undefined) groups?.toggle(Number(head), event.altKey || event.shiftKey);
      else if ("pick" in event.target.dataset) pick(Number(row.dataset.row), event.shiftKey);
    },
    onDoubleClick: (event: MouseEvent) => {
      const cell = cellOf(event.target);
      const link = event.target instanceof Element && event.target.closest("a[href^='/w/']");
      if (cell && cell.col >= 0 && !link && !inEditor(event.target)) grid.edit(cell);
    },
  };
}
