/** The cards of each column, page by page, and moving one between the cached pages of two columns. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
} from "@tanstack/react-query";
import { columnWhere } from "@/engine/board/columns";
import type { Doc } from "@/engine/definitions";
import { fetchList, keys, type ListQuery, type Page } from "@/engine/documents";
import { both } from "@/engine/where";

export const PAGE = 25;

/** What all columns of a board have in common. */
export type CardQuery = {
  slug: string;
  by: string;
  where: ListQuery["where"];
  q: string | undefined;
  sort: string;
  select: ListQuery["select"];
  populate: ListQuery["populate"];
};

type Cards = InfiniteData<Page, number>;

export function columnList({ where, by, slug: _, ...query }: CardQuery, value: string): ListQuery {
  return { ...query, where: both(where, columnWhere(by, value)), depth: 1 };
}

export function cardsOptions(query: CardQuery, value: string) {
  const list = columnList(query, value);
  return infiniteQueryOptions({
    queryKey: [...keys.collection(query.slug), "board", query.by, value, list] as const,
    queryFn: ({ pageParam, signal }) =>
      fetchList(query.slug, { ...list, limit: PAGE, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last: Page) => (last.hasNextPage ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
  });
}

/** Every card once: between two pages one may have moved over the border. */
export function cardsOf(data: { pages: Page[] } | undefined): Doc[] {
  const seen = new Set<string>();
  const out: Doc[] = [];
  for (const page of data?.pages ?? []) {
    for (const doc of page.docs) {
      if (seen.has(doc.id)) continue;
      seen.add(doc.id);
      out.push(doc);
    }
  }
  return out;
}

export function without(data: Cards, id: string): Cards {
  const had = data.pages.some((page) => page.docs.some((doc) => doc.id === id));
  if (!had) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    docs: page.docs.filter((doc) => doc.id !== id),
    totalDocs: page.totalDocs - 1,
  }));
  return { ...data, pages };
}

/** Puts a card at a place counted over all pages; past the end it is the last. */
export function withCard(data: Cards, doc: Doc, index: number): Cards {
  let left = index;
  let done = false;
  const last = data.pages.length - 1;
  const pages = data.pages.map((page, at) => {
    const counted = { ...page, totalDocs: page.totalDocs + 1 };
    if (done) return counted;
    if (left > page.docs.length && at < last) {
      left -= page.docs.length;
      return counted;
    }
    done = true;
    return { ...counted, docs: page.docs.toSpliced(Math.min(left, page.docs.length), 0, doc) };
  });
  return { ...data, pages };
}

/** Shows a card where it goes. Returns how to take that back. */
export function moveCached(
  client: QueryClient,
  query: CardQuery,
  move: { doc: Doc; from: string; to: string; index: number },
): () => void {
  const columns = [...new Set([move.from, move.to])];
  const held = columns.map((value) => {
    const { queryKey } = cardsOptions(query, value);
    return { queryKey, data: client.getQueryData<Cards>(queryKey) };
  });
  for (const [at, value] of columns.entries()) {
    const entry = held[at];
    if (!entry?.data) continue;
    const bare = without(entry.data, move.doc.id);
    const next = value === move.to ? withCard(bare, move.doc, move.index) : bare;
    client.setQueryData<Cards>(entry.queryKey, next);
  }
  return () => {
    for (const { queryKey, data } of held) client.setQueryData(queryKey, data);
  };
}

export function cached(client: QueryClient, query: CardQuery, value: string): Cards | undefined {
  return client.getQueryData<Cards>(cardsOptions(query, value).queryKey);
}
