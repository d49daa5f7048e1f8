/** What a new document that belongs to a record is linked to besides: a deal's note also to its contact. */
import type { Definition, Doc, Field } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";

/** Values for the relations of `target`: `by` is the record, others what the record itself has of the kind. */
export function linksFrom(
  target: Definition,
  by: string,
  definition: Definition,
  doc: Doc,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of target.fields) {
    if (!field.relationTo || !field.writable) continue;
    if (field.name === by) out[by] = field.many ? [doc] : doc;
    else if (!field.many && !field.derived) {
      const value = ofKind(definition, doc, field);
      if (value !== undefined) out[field.name] = value;
    }
  }
  return out;
}

/** The record's own relation to the same collection: of the same name, else the first; people not. */
function ofKind(definition: Definition, doc: Doc, wanted: Field): unknown {
  if (wanted.relationTo === "users" || wanted.relationTo === definition.slug) return undefined;
  const fits = definition.fields.filter(
    (field) => field.relationTo === wanted.relationTo && !field.many,
  );
  const found = fits.find((field) => field.name === wanted.name) ?? fits[0];
  const value = found && doc[found.name];
  return isEmpty(value) ? undefined : value;
}

/** Fields of other collections that point at records of this one. */
export function relatedTo(
  slug: string,
  collections: readonly Definition[],
): { slug: string; by: string }[] {
  return collections.flatMap((other) => {
    if (!other.permissions.read) return [];
    return other.fields
      .filter((field) => field.relationTo === slug && !HIDDEN.has(other.slug))
      .map((field) => ({ slug: other.slug, by: field.name }));
  });
}

/** Shown in another way: the timeline, the history. */
const HIDDEN = new Set(["activities", "audit", "views"]);
