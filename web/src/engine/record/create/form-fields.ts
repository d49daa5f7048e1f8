/** Which fields the form for a new document has: the few that matter, and all the others on demand. */
import type { Definition, Doc, Field } from "@/engine/definitions";
import type { Pending } from "@/engine/record/create/pending";

export type Values = Record<string, unknown>;

/** Kept by the product, or empty at the start by its nature. */
const LATER = new Set(["position", "closedAt", "completedAt", "lostReason"]);
const FEW = 6;

export function formFields(
  definition: Definition,
  quick: readonly string[] | undefined,
  preset: Values = {},
): { first: Field[]; rest: Field[] } {
  const writable = definition.fields.filter(
    (field) => field.writable && !field.readOnly && !LATER.has(field.name),
  );
  const named = quick?.flatMap((name) => writable.find((field) => field.name === name) ?? []);
  const required = writable.filter(
    (field) => field.required && field.default === undefined && !named?.includes(field),
  );
  const others = named ?? plain(writable).slice(0, FEW);
  // What is already said should be seen, too.
  const said = writable.filter((field) => preset[field.name] !== undefined);
  const first = [...new Set([...others, ...required, ...said])];
  return { first, rest: writable.filter((field) => !first.includes(field)) };
}

function plain(fields: readonly Field[]): Field[] {
  const large = new Set(["json", "group", "array", "address"]);
  return fields.filter((field) => !large.has(field.type));
}

type Me = { id: string; name: string };

/** What the form begins with: what was asked for, else the definition's own, else oneself as the owner. */
export function startValues(fields: readonly Field[], preset: Values, me: Me): Values {
  const out: Values = {};
  for (const field of fields) {
    const own =
      field.relationTo === "users" && !field.many && OWNERS.has(field.name) ? { ...me } : null;
    out[field.name] = preset[field.name] ?? field.default ?? own;
  }
  return out;
}

const OWNERS = new Set(["owner", "assignee", "organizer"]);

/** Enough of a value to be kept with a draft: of a document its id and name. */
export function lean(value: unknown, title: string): unknown {
  if (Array.isArray(value)) return value.map((each) => lean(each, title));
  if (typeof value === "object" && value !== null && "id" in value) {
    const doc = value as Doc;
    return { id: doc.id, [title]: doc[title] };
  }
  return value;
}

export type Related = Doc | Pending | string | null;
