/** Where the keyboard leads on a board: from card to card, and where it puts one. */

/** A column as the keyboard sees it: the ids of its cards in order. */
export type KeyColumn = { value: string; ids: readonly string[] };
export type Arrow = "up" | "down" | "left" | "right";
export type Spot = { column: number; index: number };

export function spotOf(columns: readonly KeyColumn[], id: string | null): Spot | null {
  if (id === null) return null;
  for (const [column, { ids }] of columns.entries()) {
    const index = ids.indexOf(id);
    if (index >= 0) return { column, index };
  }
  return null;
}

/** The card an arrow leads to; empty columns are passed over, ends are ends. */
export function step(
  columns: readonly KeyColumn[],
  id: string | null,
  arrow: Arrow,
): string | null {
  const spot = spotOf(columns, id);
  if (!spot) return columns.find((column) => column.ids.length > 0)?.ids[0] ?? null;
  const ids = columns[spot.column]?.ids ?? [];
  if (arrow === "up" || arrow === "down") {
    return ids[spot.index + (arrow === "up" ? -1 : 1)] ?? id;
  }
  const towards = arrow === "left" ? -1 : 1;
  for (let at = spot.column + towards; at >= 0 && at < columns.length; at += towards) {
    const next = columns[at]?.ids ?? [];
    if (next.length > 0) return next[Math.min(spot.index, next.length - 1)] ?? null;
  }
  return id;
}

/** The first or last card of the column one is in. */
export function edge(
  columns: readonly KeyColumn[],
  id: string | null,
  end: boolean,
): string | null {
  const spot = spotOf(columns, id);
  return (spot && columns[spot.column]?.ids.at(end ? -1 : 0)) ?? null;
}

/**
 * Where Alt and an arrow put a card: among the cards of the column without it. Null when it stands
 * there already, or when nothing lies in that direction.
 */
export function carry(
  columns: readonly KeyColumn[],
  id: string,
  arrow: Arrow,
  ordered: boolean,
): Spot | null {
  const spot = spotOf(columns, id);
  if (!spot) return null;
  if (arrow === "left" || arrow === "right") {
    const column = spot.column + (arrow === "left" ? -1 : 1);
    const target = columns[column];
    return target ? { column, index: Math.min(spot.index, target.ids.length) } : null;
  }
  if (!ordered) return null;
  const index = spot.index + (arrow === "up" ? -1 : 1);
  const last = (columns[spot.column]?.ids.length ?? 1) - 1;
  return index < 0 || index > last ? null : { column: spot.column, index };
}
