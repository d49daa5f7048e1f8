/** What of a document a card shows, and where: chosen by the kinds of its fields. */
import { type Definition, type Doc, type Field, fieldAt, valueAt } from "@/engine/definitions";
import { today } from "@/lib/format";

export type CardFields = {
  /** Company, contact…: shown under the title, the first that has a value. */
  who: Field[];
  /** The money or number at the foot. */
  amount: Field | undefined;
  date: Field | undefined;
  /** Said at the foot of a card that has no amount: an address, a domain. */
  note: Field | undefined;
  /** Who is responsible. */
  person: Field | undefined;
  tags: Field[];
};

const DATES = new Set<Field["type"]>(["date", "datetime"]);
const AMOUNTS = new Set<Field["type"]>(["money", "number"]);
const NOTES = new Set<Field["type"]>(["email", "phone", "url", "text"]);
/** A card is read at a glance. */
const TAGS = 2;

export function cardFields(
  definition: Definition,
  paths: readonly string[],
  by: string,
  sum: string | undefined,
): CardFields {
  const found = paths
    .filter((path) => path !== by && path !== definition.title && !path.includes("."))
    .map((path) => fieldAt(definition, path))
    .filter((field) => field !== undefined);
  const relations = found.filter((field) => field.type === "relationship" && !field.many);
  const amount =
    found.find((field) => field.name === sum) ?? found.find((field) => AMOUNTS.has(field.type));
  // The company says more than the person in it, so it comes first.
  const who = relations
    .filter((field) => field.relationTo === "companies" || field.relationTo === "contacts")
    .sort((a, b) => Number(b.relationTo === "companies") - Number(a.relationTo === "companies"));
  return {
    who,
    amount,
    date: found.find((field) => DATES.has(field.type) && !field.readOnly),
    person: relations.find((field) => field.relationTo === "users"),
    note: found.find((field) => NOTES.has(field.type)),
    // What follows from the column need not be said on each card.
    tags: found
      .filter((field) => field.type === "select" && !field.many && !field.derived)
      .slice(0, TAGS),
  };
}

/** The fields to ask the server for. */
export function cardPaths({ who, amount, date, note, person, tags }: CardFields): string[] {
  return [...who, amount, date, note, person, ...tags].flatMap((field) =>
    field ? [field.name] : [],
  );
}

const CLOSED = new Set(["done", "completed", "cancelled", "won", "lost", "no_show", "churned"]);
/** Dates that something should have happened by. */
const DEADLINE = /^(due|expected|deadline)/i;

/** Whether a document is still to be done: its status, or the column it stands in, says so. */
export function isOpen(doc: Doc, column: Doc | undefined): boolean {
  const kind = column?.kind;
  if (typeof kind === "string" && CLOSED.has(kind)) return false;
  return !(typeof doc.status === "string" && CLOSED.has(doc.status));
}

export function isOverdue(doc: Doc, field: Field | undefined, column: Doc | undefined): boolean {
  if (!field || !DEADLINE.test(field.name) || !isOpen(doc, column)) return false;
  const value = valueAt(doc, field.name);
  if (typeof value !== "string") return false;
  return field.type === "date" ? value.slice(0, 10) < today() : Date.parse(value) < Date.now();
}

const DAY = 86_400_000;

/** Whole days since an instant. */
export function daysSince(instant: string | undefined, now = Date.now()): number | null {
  const at = instant ? Date.parse(instant) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.floor((now - at) / DAY));
}
