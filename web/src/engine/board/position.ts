/**
 * Where a card stands in its column: a number between those of its neighbors. Numbers run out when cards
 * are put between the same two again and again; then the fewest possible neighbors get new ones.
 */

export type Placed = { id: string; position: number | null };
export type Place = {
  /** Of the card that came. */
  position: number;
  /** Neighbors that had to make room. */
  others: { id: string; position: number }[];
};

/** Closer than this, and the next card would hardly fit between. */
const NARROW = 1e-6;
/** What neighbors that make room are given between each other. */
const ROOM = 1e-3;
const STEP = 1;
/** The server takes no more. */
const LAST = 1e9;

/**
 * The place for a card at `index` among the other cards of its column, which are in their order. Cards
 * without a position come last, as the server sorts them.
 */
export function placeAt(others: readonly Placed[], index: number): Place {
  const at = Math.max(0, Math.min(index, others.length));
  let from = at;
  let to = at;
  // The window of cards to number anew grows to the nearer side until its ends leave room.
  for (;;) {
    const before = numberBefore(others, from);
    // A card without a number comes after every number.
    const after = others[to]?.position ?? Number.POSITIVE_INFINITY;
    const inside = to - from + 1;
    if (before !== null && fits(before, after, inside)) {
      return number(others, from, to, at, before, after);
    }
    const down = before === null || to >= others.length || at - from <= to - at;
    if (down && from > 0) from -= 1;
    else to += 1;
  }
}

/** Null where the card before has no number: then it needs one too. */
function numberBefore(others: readonly Placed[], index: number): number | null {
  const before = others[index - 1];
  return before ? before.position : Number.NEGATIVE_INFINITY;
}

function fits(before: number, after: number, inside: number): boolean {
  if (before === Number.NEGATIVE_INFINITY || after === Number.POSITIVE_INFINITY) {
    const end = before === Number.NEGATIVE_INFINITY ? after - inside : before + inside;
    return !Number.isFinite(end) || Math.abs(end) <= LAST;
  }
  return after - before > (inside === 1 ? NARROW : ROOM) * (inside + 1);
}

function number(
  others: readonly Placed[],
  from: number,
  to: number,
  at: number,
  before: number,
  after: number,
): Place {
  const inside = to - from + 1;
  const value = (nth: number) => tidy(spread(before, after, inside, nth), before, after);
  const moved = others.slice(from, to).flatMap((other, offset) => {
    const index = from + offset;
    const position = value(index < at ? offset + 1 : offset + 2);
    return other.position === position ? [] : [{ id: other.id, position }];
  });
  return { position: value(at - from + 1), others: moved };
}

/** The `nth` of `count` numbers between two ends, of which either may be open. */
function spread(before: number, after: number, count: number, nth: number): number {
  if (Number.isFinite(before) && Number.isFinite(after)) {
    return before + ((after - before) * nth) / (count + 1);
  }
  if (Number.isFinite(before)) return before + STEP * nth;
  if (Number.isFinite(after)) return after - STEP * (count - nth + 1);
  return STEP * nth;
}

/** A whole number where one lies well between, so that positions stay readable. */
function tidy(value: number, before: number, after: number): number {
  const whole = Math.round(value);
  const quarter = Math.min(value - before, after - value) / 2;
  return Math.abs(whole - value) <= quarter ? whole : value;
}
