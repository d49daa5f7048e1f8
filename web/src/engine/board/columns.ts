/** The columns of a board: which there are, what they hold, which hold too much. */
import type { Definition, Doc, Field } from "@/engine/definitions";
import type { Aggregate, Money } from "@/engine/documents";
import type { QueryValue } from "@/lib/query-string";

/** The value of cards that have none. */
export const NONE = "";

export type BoardColumn = {
  /** The value of the field, or the id of the related document; `NONE` for cards without one. */
  value: string;
  label: string;
  hue: number | null;
  /** The related document, where there is one. */
  doc?: Doc;
};

/** Fields a board can be made of: one of a few, or one of some documents. */
export function isBoardField(field: Field | undefined): field is Field {
  if (!field || field.many) return false;
  return field.type === "select" || field.type === "relationship";
}

/** The field whose values are the columns: the wished one, the module's, the first select. */
export function boardField(
  definition: Definition,
  ...wished: (string | null | undefined)[]
): Field | undefined {
  for (const name of wished) {
    const field = definition.fields.find((each) => each.name === name);
    if (isBoardField(field)) return field;
  }
  return definition.fields.find((field) => field.type === "select" && !field.many);
}

/** Whether cards may be moved: the viewer may change the collection and this field of it. */
export function mayMove(definition: Definition, field: Field): boolean {
  return definition.permissions.update && field.writable && !field.readOnly && !field.derived;
}

/** A field that keeps the order of cards within a column. */
export function hasPosition(definition: Definition): boolean {
  return definition.fields.some((each) => each.name === "position" && each.type === "number");
}

export function columnWhere(by: string, value: string): Record<string, QueryValue> {
  return { [by]: value === NONE ? { exists: false } : { equals: value } };
}

export type Figures = { count: number; sums: Money[]; sum: number | null };

/** What the aggregate says of each column. */
export function figuresOf(
  aggregate: Aggregate | undefined,
  by: string,
  sum: string | undefined,
): Map<string, Figures> {
  const out = new Map<string, Figures>();
  for (const group of aggregate?.groups ?? []) {
    const key = group.key[by];
    const value = sum ? group.sum?.[sum] : undefined;
    out.set(key === null || key === undefined ? NONE : String(key), {
      count: group.count ?? 0,
      sums: Array.isArray(value) ? value : [],
      sum: typeof value === "number" ? value : null,
    });
  }
  return out;
}

/** The aggregate after a card went from one column to another, before the server has counted. */
export function recount(
  aggregate: Aggregate,
  by: string,
  card: { from: string; to: string; sum?: string | undefined; amount?: unknown },
): Aggregate {
  if (card.from === card.to) return aggregate;
  const groups = aggregate.groups.map((group) => ({ ...group }));
  for (const [value, sign] of [
    [card.from, -1],
    [card.to, 1],
  ] as const) {
    const key = value === NONE ? null : value;
    let group = groups.find((each) => each.key[by] === key);
    if (!group) {
      group = { key: { [by]: key }, count: 0, ...(card.sum ? { sum: { [card.sum]: [] } } : {}) };
      groups.push(group);
    }
    group.count = (group.count ?? 0) + sign;
    if (card.sum)
      group.sum = { ...group.sum, [card.sum]: added(group.sum?.[card.sum], card.amount, sign) };
  }
  return { ...aggregate, groups };
}

type Sum = number | string | null | Money[];

function added(held: Sum | undefined, amount: unknown, sign: 1 | -1): Sum {
  if (typeof amount === "number") return (typeof held === "number" ? held : 0) + sign * amount;
  if (!isMoney(amount)) return held ?? null;
  const sums = Array.isArray(held) ? held : [];
  const found = sums.some((each) => each.currency === amount.currency);
  const all = found ? sums : [...sums, { amount: 0, currency: amount.currency }];
  return all
    .map((each) =>
      each.currency === amount.currency
        ? { ...each, amount: each.amount + sign * amount.amount }
        : each,
    )
    .filter((each) => each.amount !== 0);
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

/** Below this, no column holds too much. */
const CALM = 12;

/** Why a column asks for attention: more cards than its limit, or far more than the others hold. */
export function crowding(
  count: number,
  others: readonly number[],
  limit: number | undefined,
): "limit" | "crowded" | null {
  if (limit !== undefined) return count > limit ? "limit" : null;
  if (count < CALM || others.length < 2) return null;
  const sorted = [...others].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return count >= 2.5 * Math.max(median, 1) ? "crowded" : null;
}
