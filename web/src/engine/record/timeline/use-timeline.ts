/** The entries of a record's timeline, newest first, and how many there are of each kind. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Doc } from "@/engine/definitions";
import { aggregateOptions, fetchList, keys, type ListQuery } from "@/engine/documents";
import { FILTERS, type Filter, kindsOf } from "@/engine/record/timeline/kinds";
import type { QueryValue } from "@/lib/query-string";

const PAGE = 30;

type Where = Record<string, QueryValue>;

function whereOf(link: string, id: string, filter: Filter): Where {
  const own: Where = { [link]: { equals: id } };
  const kinds = kindsOf(filter);
  return kinds ? { and: [own, { kind: { in: kinds } }] } : own;
}

export function useTimeline(link: string, id: string, filter: Filter) {
  const query: ListQuery = {
    where: whereOf(link, id, filter),
    sort: "-at,-id",
    limit: PAGE,
    pagination: false,
    populate: {
      users: { name: true },
      contacts: { name: true },
      deals: { name: true },
      companies: { name: true },
    },
  };
  return useInfiniteQuery({
    queryKey: [...keys.list("activities", query), "endless"],
    queryFn: ({ pageParam, signal }) =>
      fetchList("activities", { ...query, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.docs.length < PAGE ? undefined : pages.length + 1),
  });
}

export function useKindCounts(link: string, id: string): Partial<Record<Filter, number>> {
  const { data } = useQuery(
    aggregateOptions("activities", { where: whereOf(link, id, "all"), group: "kind" }),
  );
  if (!data) return {};
  const out: Partial<Record<Filter, number>> = {};
  for (const filter of FILTERS) {
    const kinds = kindsOf(filter);
    out[filter] = data.groups
      .filter((group) => !kinds || kinds.includes(String(group.key.kind)))
      .reduce((sum, group) => sum + (group.count ?? 0), 0);
  }
  return out;
}

export function instantOf(doc: Doc): string {
  return String(doc.at ?? doc.createdAt);
}

/** Each once: between two pages an entry may have moved on. */
export function entriesOf(pages: readonly { docs: Doc[] }[] | undefined): Doc[] {
  const seen = new Set<string>();
  return (pages ?? []).flatMap((page) =>
    page.docs.filter((doc) => !seen.has(doc.id) && seen.add(doc.id)),
  );
}
