/** Filters as they are built: which fields, which operators, ranges of days, and where in the tree a part stands. */
import {
  type Definition,
  type Field,
  fieldAt,
  leafFields,
  type Operator,
  type Schema,
} from "@/engine/definitions";
import { pathLabel } from "@/engine/list/columns";
import { type Filter, isComplete, isTest, type Test } from "@/engine/where";
import { dayOf, instantOf, today } from "@/lib/format";
import { label } from "@/lib/i18n";

export type Part = Test | Filter;
export type FilterField = { path: string; label: string; field: Field };

/** Everything a filter may ask: own fields, and those of related documents one step away. */
export function filterFields(definition: Definition, schema: Schema): FilterField[] {
  const own = leavesOf(definition);
  const related = definition.fields
    .filter((field) => field.type === "relationship" && !field.many && field.relationTo)
    .flatMap((field) => {
      const target = schema.collections.find((each) => each.slug === field.relationTo);
      if (!target) return [];
      return leavesOf(target).map((leaf) => ({
        path: `${field.name}.${leaf.path}`,
        label: `${label(field.label)} › ${leaf.label}`,
        field: leaf.field,
      }));
    });
  return [...own, ...related];
}

function leavesOf(definition: Definition): FilterField[] {
  return leafFields(definition)
    .filter(({ field }) => field.operators.length > 0)
    .map(({ path, field }) => ({ path, field, label: pathLabel(definition, path) }));
}

/** A field by its path, through a relation too. */
export function filterField(
  definition: Definition,
  schema: Schema,
  path: string,
): FilterField | null {
  const own = fieldAt(definition, path);
  if (own) return { path, field: own, label: pathLabel(definition, path) };
  const [first = "", ...rest] = path.split(".");
  const relation = fieldAt(definition, first);
  const target = schema.collections.find((each) => each.slug === relation?.relationTo);
  const inner = target && fieldAt(target, rest.join("."));
  if (!relation || !target || !inner) return null;
  const name = `${label(relation.label)} › ${pathLabel(target, rest.join("."))}`;
  return { path, field: inner, label: name };
}

/** What a row of the builder asks: an operator of the API, or one of ours that is made of them. */
export type Ask = Exclude<Operator, "exists"> | "empty" | "filled" | "between";

const PREFERRED: Partial<Record<Field["type"], Ask>> = {
  select: "in",
  relationship: "in",
  text: "like",
  textarea: "like",
  email: "like",
  phone: "contains",
  url: "contains",
  date: "between",
  datetime: "between",
  checkbox: "equals",
};

export function asksOf(field: Field): Ask[] {
  const asks: Ask[] = [];
  for (const operator of field.operators) {
    if (operator === "exists") asks.push("empty", "filled");
    else asks.push(operator);
  }
  const ranged = ["date", "datetime", "number", "money"].includes(field.type) && !field.many;
  if (ranged && asks.includes("greater_than_equal")) asks.unshift("between");
  const first = PREFERRED[field.type];
  return first && asks.includes(first) ? [first, ...asks.filter((each) => each !== first)] : asks;
}

export function takesMany(ask: Ask): boolean {
  return ask === "in" || ask === "not_in" || ask === "all";
}

export type Span = { path: string; from: unknown; to: unknown };

/** Two tests of one field that enclose it are shown as one row. */
export function spanOf(part: Part): Span | null {
  if (isTest(part) || part.join !== "and" || part.parts.length !== 2) return null;
  const [low, high] = part.parts;
  if (!low || !high || !isTest(low) || !isTest(high) || low.path !== high.path) return null;
  if (low.operator !== "greater_than_equal") return null;
  if (high.operator !== "less_than" && high.operator !== "less_than_equal") return null;
  return { path: low.path, from: low.value, to: high.value };
}

export function makeSpan(field: Field, { path, from, to }: Span): Filter {
  const upper = field.type === "datetime" ? "less_than" : "less_than_equal";
  return {
    join: "and",
    parts: [
      { path, operator: "greater_than_equal", value: from },
      { path, operator: upper, value: to },
    ],
  };
}

/** The days a span of instants covers, the last included; and back. */
export function daysOfSpan(field: Field, span: Span): { from: string | null; to: string | null } {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  const [from, to] = [text(span.from), text(span.to)];
  if (field.type === "date") return { from, to };
  return {
    from: from && dayOf(from),
    to: to && dayOf(new Date(Date.parse(to) - 1)),
  };
}

export function spanOfDays(
  field: Field,
  path: string,
  from: string | null,
  to: string | null,
): Filter {
  if (field.type === "date") return makeSpan(field, { path, from, to });
  return makeSpan(field, {
    path,
    from: from && instantOf(`${from}T00:00`),
    to: to && instantOf(`${addDays(to, 1)}T00:00`),
  });
}

export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export const RELATIVE = [
  "today",
  "yesterday",
  "tomorrow",
  "thisWeek",
  "lastWeek",
  "nextWeek",
  "last7",
  "last30",
  "last90",
  "next7",
  "next30",
  "thisMonth",
  "lastMonth",
  "thisQuarter",
  "thisYear",
] as const;
export type Relative = (typeof RELATIVE)[number];

/** The days a phrase means now, in the viewer's zone: a link says the same to everyone who opens it. */
export function relativeDays(which: Relative, now = today()): [string, string] {
  const at = new Date(`${now}T00:00:00Z`);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const day = (y: number, m: number, d: number) =>
    new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10);
  const monday = addDays(now, -((at.getUTCDay() + 6) % 7));
  const quarter = Math.floor(month / 3) * 3;
  const spans: Record<Relative, [string, string]> = {
    today: [now, now],
    yesterday: [addDays(now, -1), addDays(now, -1)],
    tomorrow: [addDays(now, 1), addDays(now, 1)],
    thisWeek: [monday, addDays(monday, 6)],
    lastWeek: [addDays(monday, -7), addDays(monday, -1)],
    nextWeek: [addDays(monday, 7), addDays(monday, 13)],
    last7: [addDays(now, -6), now],
    last30: [addDays(now, -29), now],
    last90: [addDays(now, -89), now],
    next7: [now, addDays(now, 6)],
    next30: [now, addDays(now, 29)],
    thisMonth: [day(year, month, 1), day(year, month + 1, 0)],
    lastMonth: [day(year, month - 1, 1), day(year, month, 0)],
    thisQuarter: [day(year, quarter, 1), day(year, quarter + 3, 0)],
    thisYear: [day(year, 0, 1), day(year, 11, 31)],
  };
  return spans[which];
}

export function askOf(part: Part): Ask {
  if (!isTest(part)) return "between";
  if (part.operator === "exists") return part.value === false ? "empty" : "filled";
  return part.operator;
}

/** A row for a field, with what of the former value still makes sense. */
export function makePart(field: Field, path: string, ask: Ask, former?: unknown): Part {
  if (ask === "between") return makeSpan(field, { path, from: null, to: null });
  if (ask === "empty" || ask === "filled")
    return { path, operator: "exists", value: ask === "filled" };
  const many = takesMany(ask);
  const list = Array.isArray(former)
    ? former
    : former === null || former === undefined || former === ""
      ? []
      : [former];
  if (typeof former === "boolean" && field.type !== "checkbox")
    return { path, operator: ask, value: many ? [] : null };
  if (field.type === "checkbox") return { path, operator: ask, value: former ?? true };
  return { path, operator: ask, value: many ? list : (list[0] ?? null) };
}

export function startPart(field: Field, path: string): Part {
  return makePart(field, path, asksOf(field)[0] ?? "equals");
}

/** Half-written rows say nothing and are let go when the builder closes. */
export function pruned(filter: Filter): Filter {
  const parts = filter.parts.flatMap((part): Part[] => {
    if (isTest(part)) return isComplete(part) ? [part] : [];
    const inner = pruned(part);
    return inner.parts.length === 0 ? [] : [inner];
  });
  return { ...filter, parts };
}
