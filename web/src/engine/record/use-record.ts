/** One record with what it is related to, shown at once from whatever list already has it. */
import {
  type InfiniteData,
  type QueryClient,
  queryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Definition, Doc, Schema } from "@/engine/definitions";
import { keys, type Page } from "@/engine/documents";
import { useSession } from "@/engine/session";
import { populateOf } from "@/engine/titles";
import { request } from "@/lib/request";

export function recordOptions(schema: Schema, definition: Definition, id: string) {
  const { slug } = definition;
  return queryOptions({
    queryKey: [...keys.one(slug, id, 1), "record"] as const,
    queryFn: ({ signal }) =>
      request<Doc>("GET", `/api/${slug}/${encodeURIComponent(id)}`, {
        query: { depth: 1, populate: populateOf(schema, definition.fields) },
        signal,
      }),
  });
}

/** `isPlaceholderData`: only what a list knew of it, until the whole is there. */
export function useRecord(definition: Definition, id: string) {
  const { schema } = useSession();
  const client = useQueryClient();
  return useQuery({
    ...recordOptions(schema, definition, id),
    placeholderData: () => heldCopy(client, definition.slug, id),
  });
}

type Held = Page | InfiniteData<Page> | Doc | undefined;

/** A copy of a document from any list in the cache. */
export function heldCopy(client: QueryClient, slug: string, id: string): Doc | undefined {
  for (const [, held] of client.getQueriesData<Held>({ queryKey: keys.collection(slug) })) {
    if (typeof held !== "object" || held === null) continue;
    const pages = "pages" in held ? (held as InfiniteData<Page>).pages : [held as Page];
    for (const page of pages) {
      if (!Array.isArray(page?.docs)) continue;
      const found = page.docs.find((doc) => doc.id === id);
      if (found) return found;
    }
  }
  return undefined;
}
