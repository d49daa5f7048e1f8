/** The `order` of documents in a list that is rearranged by hand, with as few writes as can be. */

export type Ordered = { id: string; order: number };

/** Room between neighbors, so that most moves write one document. */
const STEP = 10;

/** `list` with the element at `from` now at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [taken] = next.splice(from, 1);
  if (taken === undefined) return next;
  next.splice(to, 0, taken);
  return next;
}

/** Which documents need another `order` for `list` to be sorted by it. */
export function reordered(list: readonly Ordered[], movedId: string): Ordered[] {
  const at = list.findIndex((each) => each.id === movedId);
  const before = list[at - 1]?.order;
  const after = list[at + 1]?.order;
  const own = between(before, after);
  if (own !== null) return [{ id: movedId, order: own }];
  return list
    .map(({ id, order }, index) => ({ id, order: (index + 1) * STEP, former: order }))
    .filter((each) => each.order !== each.former)
    .map(({ id, order }) => ({ id, order }));
}

/** A whole number that sorts between two others; null when there is no room. */
function between(before: number | undefined, after: number | undefined): number | null {
  if (before === undefined && after === undefined) return 0;
  if (before === undefined) return (after ?? 0) - STEP;
  if (after === undefined) return before + STEP;
  const middle = Math.floor((before + after) / 2);
  return middle > before && middle < after ? middle : null;
}
