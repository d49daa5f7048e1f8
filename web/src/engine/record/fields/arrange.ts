/** Which fields of a record stand together, and in which order. */
import { type Definition, type Doc, type Field, systemFields } from "@/engine/definitions";

export type Place = { path: string; field: Field };
/** `kind` names the sections that no module titled. */
export type FieldSection = { kind: "named" | "more" | "system"; title: string; places: Place[] };

type Wished = readonly { title: string; fields: readonly string[] }[];

/** Kept by the product for itself: an order on a board, not something one reads. */
const INNER = new Set(["position"]);

/** Groups are opened, so that each of their fields is a line of its own; addresses are one thing. */
function placesOf(field: Field, prefix = ""): Place[] {
  const path = `${prefix}${field.name}`;
  if (field.type !== "group") return [{ path, field }];
  return (field.fields ?? [])
    .flatMap((inner) => placesOf(inner, `${path}.`))
    .map((place) => ({
      path: place.path,
      // A group that may not be written has no part that may.
      field: { ...place.field, writable: place.field.writable !== false && field.writable },
    }));
}

/** Sections as the module wishes them, what it does not name under "More", the product's own last. */
export function arrange(definition: Definition, wished: Wished = []): FieldSection[] {
  const shown = definition.fields.filter(
    (field) => !field.writeOnly && !(INNER.has(field.name) && field.name !== definition.title),
  );
  const left = new Map(shown.map((field) => [field.name, field]));
  const take = (name: string): Place[] => {
    const field = left.get(name);
    left.delete(name);
    return field ? placesOf(field) : [];
  };
  const named = wished.map(({ title, fields }) => ({
    kind: "named" as const,
    title,
    places: fields.flatMap(take),
  }));
  // Put together from other fields, and said at the head of the page.
  const title = left.get(definition.title);
  if (title?.readOnly) left.delete(definition.title);
  const rest = [...left.values()].flatMap((field) => placesOf(field));
  const system = systemFields(definition).map((field) => ({ path: field.name, field }));
  const all: FieldSection[] = [
    ...named,
    { kind: "more", title: "", places: rest },
    { kind: "system", title: "", places: system },
  ];
  return all.filter((section) => section.places.length > 0);
}

/** Whether the viewer may change a field of this document now. */
export function isEditable(definition: Definition, doc: Doc, { field }: Place): boolean {
  if (!definition.permissions.update || !field.writable || field.readOnly) return false;
  if (field.createOnly) return false;
  const { derived } = field;
  // Follows another field as long as that one has a value.
  return !derived || doc[derived.through] === null || doc[derived.through] === undefined;
}

/** The field that says what state a record is in: the columns of its board, else the usual names. */
export function stateField(definition: Definition, by?: string): Field | undefined {
  const names = [by, "status", "stage", "lifecycle", "kind"];
  for (const name of names) {
    const found = definition.fields.find((field) => field.name === name);
    if (found && (found.type === "select" || found.type === "relationship") && !found.many)
      return found;
  }
  return undefined;
}

/** Whoever answers for the record. */
export function ownerField(definition: Definition): Field | undefined {
  const names = ["owner", "assignee", "organizer", "author"];
  return definition.fields.find(
    (field) => names.includes(field.name) && field.relationTo === "users" && !field.many,
  );
}

export function hasNames(definition: Definition): boolean {
  const title = definition.fields.find((field) => field.name === definition.title);
  return title?.readOnly === true && definition.fields.some((field) => field.name === "firstName");
}
