/**
 * Documents on the client: keys, queries and optimistic writes. Every list, board and record page
 * reads through here, so that one write (or one event from the server) refreshes all of them.
 */
import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import type { Computed, Groups } from "@/api/types.gen";
import type { Doc } from "@/engine/definitions";
import type { QueryValue } from "@/lib/query-string";
import { request, standsIn } from "@/lib/request";

export type ListQuery = {
  where?: Record<string, QueryValue> | undefined;
  /** Words to search for, in the collection's searchable fields. */
  q?: string | undefined;
  sort?: string | undefined;
  limit?: number;
  page?: number;
  depth?: number;
  select?: Record<string, QueryValue> | undefined;
  populate?: Record<string, QueryValue> | undefined;
  trash?: boolean | undefined;
  /** False spares the count of the whole set. */
  pagination?: boolean | undefined;
};

export type Page<T = Doc> = {
  docs: T[];
  totalDocs: number;
  totalDocsCapped?: boolean;
  limit: number;
  page: number;
  totalPages: number;
  hasNextPage: boolean;
};

/** `["docs", tenant, slug, …]`: everything of a collection in a tenant starts the same. */
export const keys = {
  tenant: (tenant = standsIn()) => ["docs", tenant] as const,
  collection: (slug: string, tenant = standsIn()) => ["docs", tenant, slug] as const,
  list: (slug: string, query: ListQuery, tenant = standsIn()) =>
    ["docs", tenant, slug, "list", query] as const,
  one: (slug: string, id: string, depth = 1, tenant = standsIn()) =>
    ["docs", tenant, slug, "one", id, depth] as const,
  count: (slug: string, where: unknown, tenant = standsIn()) =>
    ["docs", tenant, slug, "count", where ?? null] as const,
  aggregate: (slug: string, query: unknown, tenant = standsIn()) =>
    ["docs", tenant, slug, "aggregate", query] as const,
};

export function fetchList(slug: string, query: ListQuery, signal?: AbortSignal): Promise<Page> {
  return request<Page>("GET", `/api/${slug}`, { query: { depth: 1, ...query }, signal });
}

export function listOptions(slug: string, query: ListQuery) {
  return queryOptions({
    queryKey: keys.list(slug, query),
    queryFn: ({ signal }) => fetchList(slug, query, signal),
    placeholderData: keepPreviousData,
  });
}

export function oneOptions(slug: string, id: string, depth = 1) {
  return queryOptions({
    queryKey: keys.one(slug, id, depth),
    queryFn: ({ signal }) =>
      request<Doc>("GET", `/api/${slug}/${encodeURIComponent(id)}`, { query: { depth }, signal }),
  });
}

export function countOptions(slug: string, where: Record<string, QueryValue> | undefined) {
  return queryOptions({
    queryKey: keys.count(slug, where),
    queryFn: async ({ signal }) =>
      (
        await request<{ totalDocs: number }>("GET", `/api/${slug}/count`, {
          query: { where },
          signal,
        })
      ).totalDocs,
  });
}

export type { Money } from "@/api/types.gen";
export type AggregateQuery = {
  where?: Record<string, QueryValue> | undefined;
  q?: string | undefined;
  /** `stage`, `closedAt:month`, `status,owner` */
  group?: string | undefined;
  /** `count,sum:value` */
  values?: string | undefined;
  zone?: string | undefined;
  sort?: string | undefined;
  limit?: number | undefined;
};
export type Aggregate = Groups;
export type AggregateGroup = Groups["groups"][number];
export type AggregateValues = NonNullable<Computed["sum"]>;

export function aggregateOptions(slug: string, query: AggregateQuery) {
  return queryOptions({
    queryKey: keys.aggregate(slug, query),
    queryFn: ({ signal }) => request<Aggregate>("GET", `/api/${slug}/aggregate`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Refetches whatever is on screen of a collection; what is off screen is refetched when seen again. */
export function refresh(client: QueryClient, slug: string): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.collection(slug) });
}

type Held = Page | Doc | InfiniteData<Page> | undefined;

/** Lays `change` over every cached copy of a document and returns how to take it back. */
export function layOver(
  client: QueryClient,
  slug: string,
  ids: readonly string[],
  change: (doc: Doc) => Doc | null,
): () => void {
  const wanted = new Set(ids);
  const former = client.getQueriesData<Held>({ queryKey: keys.collection(slug) });
  for (const [key, held] of former) {
    const next = rewrite(held, wanted, change);
    if (next !== held) client.setQueryData(key, next);
  }
  return () => {
    for (const [key, held] of former) client.setQueryData(key, held);
  };
}

function rewrite(held: Held, wanted: Set<string>, change: (doc: Doc) => Doc | null): Held {
  if (typeof held !== "object" || held === null) return held;
  if ("docs" in held && Array.isArray(held.docs)) return rewritePage(held as Page, wanted, change);
  if ("pages" in held) {
    const pages = (held as InfiniteData<Page>).pages.map((page) =>
      rewritePage(page, wanted, change),
    );
    return { ...(held as InfiniteData<Page>), pages };
  }
  if ("id" in held && wanted.has(String(held.id))) return change(held as Doc) ?? held;
  return held;
}

function rewritePage(page: Page, wanted: Set<string>, change: (doc: Doc) => Doc | null): Page {
  if (!page.docs.some((doc) => wanted.has(doc.id))) return page;
  const docs = page.docs.flatMap((doc) => {
    if (!wanted.has(doc.id)) return [doc];
    const next = change(doc);
    return next ? [next] : [];
  });
  return { ...page, docs, totalDocs: page.totalDocs - (page.docs.length - docs.length) };
}
