/**
 * The way one came to a record: the list's address to go back to, and the order in which its records
 * follow each other. Read from the cache of whatever list showed the record; kept for the tab.
 */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { fetchList, keys, type ListQuery, type Page } from "@/engine/documents";
import { standsIn } from "@/lib/request";

export type Trail = {
  /** Address of the list, its filters included. */
  back: string | null;
  /** What the list asked for, and the page of it whose ids these are. */
  query: ListQuery;
  limit: number;
  page: number;
  ids: string[];
};

function storeKey(slug: string): string {
  return `mainstay.trail:${standsIn() ?? ""}:${slug}`;
}

export function readTrail(slug: string): Trail | null {
  try {
    const text = sessionStorage.getItem(storeKey(slug));
    return text ? (JSON.parse(text) as Trail) : null;
  } catch {
    return null;
  }
}

export function keepTrail(slug: string, trail: Trail): void {
  try {
    sessionStorage.setItem(storeKey(slug), JSON.stringify(trail));
  } catch {
    // Without a store the way back is the plain list.
  }
}

type Found = Omit<Trail, "back">;

/** The latest list that shows the record, those on screen first. */
export function findTrail(client: QueryClient, slug: string, id: string): Found | null {
  const lists = client
    .getQueryCache()
    .findAll({ queryKey: keys.collection(slug) })
    .sort(
      (a, b) =>
        Number(b.isActive()) - Number(a.isActive()) ||
        b.state.dataUpdatedAt - a.state.dataUpdatedAt,
    );
  for (const { queryKey, state } of lists) {
    const query = queryKey.find((part) => typeof part === "object" && part !== null);
    const page = pageWith(state.data, id);
    if (!query || !page) continue;
    return {
      query: query as ListQuery,
      limit: page.limit,
      page: page.page,
      ids: page.docs.map((doc) => doc.id),
    };
  }
  return null;
}

function pageWith(held: unknown, id: string): Page | undefined {
  if (typeof held !== "object" || held === null) return undefined;
  const pages = "pages" in held ? (held as InfiniteData<Page>).pages : [held as Page];
  return pages.find((page) => Array.isArray(page?.docs) && page.docs.some((doc) => doc.id === id));
}

export type Step = 1 | -1;

/** Whether there may be one more: at the edge of a page the next page tells. */
export function hasNeighbor(trail: Trail | null, id: string, step: Step): boolean {
  const at = trail?.ids.indexOf(id) ?? -1;
  if (!trail || at < 0) return false;
  if (trail.ids[at + step]) return true;
  return step < 0 ? trail.page > 1 : trail.ids.length >= trail.limit;
}

/** The record before or after, and the trail that leads on from it. Null at the end. */
export async function neighbor(
  client: QueryClient,
  slug: string,
  trail: Trail,
  id: string,
  step: Step,
): Promise<{ id: string; trail: Trail } | null> {
  const near = trail.ids[trail.ids.indexOf(id) + step];
  if (near) return { id: near, trail };
  const page = trail.page + step;
  if (page < 1) return null;
  const query: ListQuery = {
    ...trail.query,
    select: { id: true },
    populate: undefined,
    depth: 0,
    limit: trail.limit,
    page,
    pagination: false,
  };
  const answer = await client.fetchQuery({
    queryKey: [...keys.collection(slug), "trail", query],
    queryFn: ({ signal }) => fetchList(slug, query, signal),
    staleTime: 30_000,
  });
  const ids = answer.docs.map((doc) => doc.id);
  const next = step > 0 ? ids[0] : ids[ids.length - 1];
  return next ? { id: next, trail: { ...trail, page, ids } } : null;
}
