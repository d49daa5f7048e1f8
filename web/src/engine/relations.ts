/** Choosing related documents: searching them, and making one on the fly. */
import type { QueryClient } from "@tanstack/react-query";
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import { fetchList, keys } from "@/engine/documents";
import { populateOf, titleOf } from "@/engine/titles";
import type { QueryValue } from "@/lib/query-string";
import { request } from "@/lib/request";

export type Choice = { value: string; label: string; detail?: string; doc: Doc };

const MOST = 20;

/** The first documents whose title or search words fit; without words the latest. */
export async function choices(
  schema: Schema,
  slug: string,
  words: string,
  where?: Record<string, QueryValue>,
  signal?: AbortSignal,
): Promise<Choice[]> {
  const target = schema.collections.find((definition) => definition.slug === slug);
  if (!target) return [];
  const text = words.trim();
  const byTitle = text ? { [target.title]: { like: text } } : undefined;
  const filter = byTitle && where ? { and: [byTitle, where] } : (byTitle ?? where);
  const page = await fetchList(
    slug,
    {
      where: filter,
      limit: MOST,
      depth: 1,
      pagination: false,
      sort: text ? target.title : target.defaultSort,
      populate: populateOf(schema, target.fields),
    },
    signal,
  );
  return page.docs.map((doc) => choice(schema, target, doc));
}

export function choice(schema: Schema, target: Definition, doc: Doc): Choice {
  const detail = detailOf(schema, target, doc);
  return { value: doc.id, label: titleOf(target, doc), doc, ...(detail ? { detail } : {}) };
}

/** A second line: who of two people of one name. */
function detailOf(schema: Schema, target: Definition, doc: Doc): string | undefined {
  for (const name of ["email", "domain", "company", "pipeline", "primaryContact"]) {
    const value = doc[name];
    if (typeof value === "string" && value !== "" && !/^[0-9a-f]{8}-/.test(value)) return value;
    const field = target.fields.find((each) => each.name === name);
    if (typeof value === "object" && value !== null && field?.relationTo) {
      const related = schema.collections.find((each) => each.slug === field.relationTo);
      return titleOf(related, value as Doc);
    }
  }
  return undefined;
}

/** Makes a document of which only the title is known. Names of people are split in two. */
export async function createByTitle(
  client: QueryClient,
  target: Definition,
  title: string,
): Promise<Doc> {
  const hasNames = target.fields.some((field) => field.name === "firstName");
  const [firstName = title, ...rest] = title.trim().split(/\s+/);
  const body = hasNames
    ? { firstName, lastName: rest.join(" ") || null }
    : { [target.title]: title.trim() };
  const answer = await request<{ doc: Doc }>("POST", `/api/${target.slug}`, {
    body,
    query: { depth: 0 },
  });
  void client.invalidateQueries({ queryKey: keys.collection(target.slug) });
  return answer.doc;
}

/** Whether a title is all it takes. */
export function canCreateByTitle(target: Definition): boolean {
  const given = new Set([target.title, "firstName"]);
  const needs = (field: Field) =>
    field.required && field.default === undefined && !given.has(field.name);
  return target.permissions.create && !target.fields.some(needs);
}
