/** What a document is called, and how little of a related one has to be fetched to say so. */
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import type { QueryValue } from "@/lib/query-string";

export function titleOf(definition: Definition | undefined, doc: Record<string, unknown>): string {
  const value = definition ? doc[definition.title] : (doc.name ?? doc.title ?? doc.subject);
  if (typeof value === "object" && value !== null) {
    const inner = value as Record<string, unknown>;
    return String(inner.name ?? inner.title ?? inner.email ?? inner.id ?? "");
  }
  return value === null || value === undefined || value === ""
    ? String(doc.id ?? "")
    : String(value);
}

/** Fields that tell related documents apart besides their title. */
const EXTRAS: Record<string, readonly string[]> = {
  users: ["email"],
  stages: ["kind", "order", "pipeline", "probability"],
  tags: ["color"],
  contacts: ["email"],
};

/** `populate` for the relations among `fields`: title and little more. */
export function populateOf(schema: Schema, fields: readonly Field[]): Record<string, QueryValue> {
  const out: Record<string, QueryValue> = {};
  for (const field of fields) {
    const slug = field.relationTo;
    if (!slug || out[slug]) continue;
    const target = schema.collections.find((definition) => definition.slug === slug);
    const names = [target?.title ?? "name", ...(EXTRAS[slug] ?? [])];
    const known = names.filter((name) => target?.fields.some((f) => f.name === name));
    out[slug] = Object.fromEntries(known.map((name) => [name, true]));
  }
  return out;
}

/** `select` for dotted paths. */
export function selectOf(paths: readonly string[]): Record<string, QueryValue> {
  const out: Record<string, QueryValue> = {};
  for (const path of paths) {
    const [first = path] = path.split(".");
    out[first] = true;
  }
  return out;
}

export function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && "id" in value;
}
