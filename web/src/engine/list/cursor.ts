/** Where one stands in the grid: a cell, and a rectangle from it when Shift is held. The head is row −1. */

export type Cell = { row: number; col: number };
/** `at` moves, `from` stays: between them is what is copied, pasted over, cleared. */
export type Cursor = { at: Cell; from: Cell };
export type Box = { top: number; bottom: number; left: number; right: number };

export function boxOf({ at, from }: Cursor): Box {
  return {
    top: Math.min(at.row, from.row),
    bottom: Math.max(at.row, from.row),
    left: Math.min(at.col, from.col),
    right: Math.max(at.col, from.col),
  };
}

export function isOneCell({ at, from }: Cursor): boolean {
  return at.row === from.row && at.col === from.col;
}

export type Size = { rows: number; cols: number; page: number };

export const HEAD = -1;

const clamp = (value: number, least: number, most: number) =>
  Math.max(least, Math.min(most, value));

/** A cell from another; with `stretch` the rectangle grows instead. */
export function moved(cursor: Cursor, by: Cell, size: Size, stretch = false): Cursor {
  // The head is reached by one step up from the first row, not by a leap.
  const least = !stretch && (by.row === -1 || by.row === 0) && cursor.at.row <= 0 ? HEAD : 0;
  const at = {
    row: clamp(cursor.at.row + by.row, least, size.rows - 1),
    col: clamp(cursor.at.col + by.col, 0, size.cols - 1),
  };
  return { at, from: stretch ? cursor.from : at };
}

/** What a key says about where to go; nothing when it says nothing. */
export function step(
  event: { key: string; ctrlKey: boolean; metaKey: boolean },
  size: Size,
): Cell | null {
  const far = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowDown":
      return { row: far ? size.rows : 1, col: 0 };
    case "ArrowUp":
      return { row: far ? -size.rows : -1, col: 0 };
    case "ArrowRight":
      return { row: 0, col: far ? size.cols : 1 };
    case "ArrowLeft":
      return { row: 0, col: far ? -size.cols : -1 };
    case "PageDown":
      return { row: size.page, col: 0 };
    case "PageUp":
      return { row: -size.page, col: 0 };
    case "Home":
      return { row: far ? -size.rows : 0, col: -size.cols };
    case "End":
      return { row: far ? size.rows : 0, col: size.cols };
    default:
      return null;
  }
}
