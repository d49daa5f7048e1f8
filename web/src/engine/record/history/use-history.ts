/** The audit entries of a record, and the names of the documents they mention. */
import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Definition, Doc, Schema } from "@/engine/definitions";
import { fetchList, keys, type ListQuery } from "@/engine/documents";
import { type Change, changesOf, namedIds, type What, whatOf } from "@/engine/record/history/diff";
import { useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";

const PAGE = 25;

export type HistoryEntry = { doc: Doc; what: What; changes: Change[] };

export function useHistory(definition: Definition, id: string) {
  const query: ListQuery = {
    where: { and: [{ collection: { equals: definition.slug } }, { document: { equals: id } }] },
    sort: "-at",
    limit: PAGE,
    pagination: false,
    populate: { users: { name: true } },
  };
  const list = useInfiniteQuery({
    queryKey: [...keys.list("audit", query), "endless"],
    queryFn: ({ pageParam, signal }) => fetchList("audit", { ...query, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.docs.length < PAGE ? undefined : pages.length + 1),
  });
  const entries = useMemo(() => {
    const docs = list.data?.pages.flatMap((page) => page.docs) ?? [];
    return docs
      .map((doc) => ({
        doc,
        what: whatOf(doc.verb, doc.before, doc.after),
        changes: changesOf(definition, doc.before, doc.after),
      }))
      .filter((entry) => entry.what !== "changed" || entry.changes.length > 0);
  }, [list.data, definition]);
  return { list, entries, names: useNames(entries) };
}

/** Most ids one request asks for; addresses do not grow forever. */
const MOST = 200;

/** Titles by id: one request for each collection that is mentioned. */
function useNames(entries: readonly HistoryEntry[]): ReadonlyMap<string, string> {
  const { schema } = useSession();
  const wanted = useMemo(() => {
    const all = namedIds(entries.flatMap((entry) => entry.changes));
    return [...all].flatMap(([slug, ids]) => {
      const target = readable(schema, slug);
      return target && ids.size > 0 ? [{ target, ids: [...ids].sort().slice(0, MOST) }] : [];
    });
  }, [entries, schema]);
  const results = useQueries({
    queries: wanted.map(({ target, ids }) => {
      const query: ListQuery = {
        where: { id: { in: ids } },
        select: { [target.title]: true },
        depth: 0,
        limit: MOST,
        pagination: false,
        ...(target.trash ? { trash: true } : {}),
      };
      return {
        queryKey: [...keys.collection(target.slug), "names", query] as const,
        queryFn: ({ signal }: { signal: AbortSignal }) => fetchList(target.slug, query, signal),
        staleTime: 60_000,
      };
    }),
  });
  const names = new Map<string, string>();
  results.forEach(({ data }, at) => {
    for (const doc of data?.docs ?? []) names.set(doc.id, titleOf(wanted[at]?.target, doc));
  });
  return names;
}

function readable(schema: Schema, slug: string): Definition | undefined {
  return schema.collections.find((each) => each.slug === slug && each.permissions.read);
}
