/** The rows of a list, fetched by the hundred as they come into sight. */
import { type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { type ListQuery, listOptions, type Page } from "@/engine/documents";
import { type PageKey, pagesOf, placeOf, type Section, starts } from "@/engine/list/sections";
import { both } from "@/engine/where";

export const PAGE = 100;
/** Rows fetched before they are seen. */
const AHEAD = 40;
/** A jump longer than this waits until the scrolling rests. */
const LEAP = 120;
const REST = 90;
/** While the answer to a new question takes no longer, the old rows stay. */
const PATIENCE = 400;

export type Range = { first: number; last: number };

export type Rows = {
  count: number;
  /** How many there are in all, once that is known; `capped` when there are more than are counted. */
  total: number | null;
  capped: boolean;
  /** A document, the head of a group, or nothing yet. */
  at: (index: number) => Row | null;
  docAt: (index: number) => Doc | null;
  /** Every document from one row to another, fetched where it must be. */
  between: (from: number, to: number) => Promise<Doc[]>;
  error: Error | null;
  retry: () => void;
  /** Nothing has been answered yet. */
  pending: boolean;
  /** Another question was asked; what is shown answers the former. */
  stale: boolean;
};

export type Row = { head: number; doc?: undefined } | { head?: undefined; doc: Doc | null };

export function pageOptions(slug: string, base: ListQuery, section: Section, page: number) {
  const counted = !section.head && page === 1;
  return {
    ...listOptions(slug, {
      ...base,
      where: both(base.where, section.where),
      limit: PAGE,
      page,
      ...(counted ? {} : { pagination: false }),
    }),
    // Rows of one page never stand in for those of another.
    placeholderData: undefined,
  };
}

/** Without groups: one section that is everything. */
export const WHOLE: Section = { id: "", where: undefined, count: PAGE, head: false, open: true };

/** A new question is asked behind the rows of the former one, so that nothing flickers. */
export function useSettledQuery(definition: Definition, query: ListQuery): [ListQuery, boolean] {
  const client = useQueryClient();
  const [settled, setSettled] = useState(query);
  const first = pageOptions(definition.slug, query, WHOLE, 1);
  const known = settled === query || client.getQueryData(first.queryKey) !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `first` says the same as `query`
  useEffect(() => {
    if (settled === query) return;
    if (known) {
      setSettled(query);
      return;
    }
    let left = false;
    const go = () => {
      if (!left) setSettled(query);
    };
    const timer = setTimeout(go, PATIENCE);
    client.fetchQuery(first).then(go, go);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [query, settled, known, client]);
  return known ? [query, false] : [settled, true];
}

/** The part of what is in sight that is worth fetching: all of it when resting, nothing while flying by. */
function useRested(range: Range): Range {
  const [rested, setRested] = useState(range);
  const far = Math.abs(range.first - rested.first) > LEAP;
  const current = far ? rested : range;
  useEffect(() => {
    if (!far) {
      setRested(range);
      return;
    }
    const timer = setTimeout(() => setRested(range), REST);
    return () => clearTimeout(timer);
  }, [far, range]);
  return current;
}

function cached(
  client: QueryClient,
  slug: string,
  base: ListQuery,
  section: Section,
  page: number,
): Page | undefined {
  return client.getQueryData(pageOptions(slug, base, section, page).queryKey);
}

export function useRows(
  definition: Definition,
  query: ListQuery,
  groups: readonly Section[] | null,
  range: Range,
): Rows {
  const client = useQueryClient();
  const { slug } = definition;
  const [base, stale] = useSettledQuery(definition, query);
  const [reach, setReach] = useState(0);
  const whole = useWhole(slug, base, groups === null, reach);
  const sections = groups ?? whole.sections;
  const begins = useMemo(() => starts(sections), [sections]);
  const rested = useRested(range);
  const wanted = pagesOf(sections, begins, rested.first - AHEAD, rested.last + AHEAD, PAGE);
  const results = useQueries({
    queries: wanted.map(({ section, page }) =>
      pageOptions(slug, base, sections[section] ?? WHOLE, page),
    ),
  });
  const failed = results.find((result) => result.error && !result.data);
  useReach(wanted, results, whole.capped, setReach);
  const pageAt = (section: number, page: number): Page | undefined => {
    const at = wanted.findIndex((key) => key.section === section && key.page === page);
    if (at >= 0) return results[at]?.data;
    const found = sections[section];
    return found && cached(client, slug, base, found, page);
  };
  const at = (index: number): Row | null => {
    const place = placeOf(sections, begins, index);
    if (!place) return null;
    if (place.row === "head") return { head: place.section };
    const page = pageAt(place.section, Math.floor(place.row / PAGE) + 1);
    return { doc: page?.docs[place.row % PAGE] ?? null };
  };
  const between = async (from: number, to: number): Promise<Doc[]> => {
    const [first, last] = from < to ? [from, to] : [to, from];
    const keys = pagesOf(sections, begins, first, last, PAGE);
    const pages = await Promise.all(
      keys.map((key) =>
        client.ensureQueryData(pageOptions(slug, base, sections[key.section] ?? WHOLE, key.page)),
      ),
    );
    return keys.flatMap((key, at) => within(key, pages[at], sections, begins, first, last));
  };
  return {
    count: begins[begins.length - 1] ?? 0,
    total: whole.total,
    capped: whole.capped,
    at,
    docAt: (index) => at(index)?.doc ?? null,
    between,
    error: failed?.error ?? whole.error,
    retry: () => {
      for (const result of results) if (result.error) void result.refetch();
      whole.retry();
    },
    pending: groups === null ? whole.pending : false,
    stale,
  };
}

function within(
  key: PageKey,
  page: Page | undefined,
  sections: readonly Section[],
  begins: readonly number[],
  first: number,
  last: number,
): Doc[] {
  const begin =
    (begins[key.section] ?? 0) + (sections[key.section]?.head ? 1 : 0) + (key.page - 1) * PAGE;
  return (page?.docs ?? []).filter((_, at) => begin + at >= first && begin + at <= last);
}

/** Everything as one section: its first page says how many there are. */
function useWhole(slug: string, base: ListQuery, enabled: boolean, reach: number) {
  const [first] = useQueries({ queries: [{ ...pageOptions(slug, base, WHOLE, 1), enabled }] });
  const total = first?.data?.totalDocs;
  const capped = first?.data?.totalDocsCapped === true;
  const count = total === undefined ? 0 : capped ? Math.max(total, reach) : total;
  const sections = useMemo(() => [{ ...WHOLE, count }], [count]);
  return {
    sections,
    total: total ?? null,
    capped,
    pending: enabled && first?.data === undefined && !first?.error,
    error: first?.data ? null : (first?.error ?? null),
    retry: () => void first?.refetch(),
  };
}

/** Past the largest total that is counted, the list grows as long as full pages come. */
function useReach(
  wanted: readonly PageKey[],
  results: readonly { data?: Page | undefined }[],
  capped: boolean,
  set: (next: (former: number) => number) => void,
): void {
  const last = useRef(0);
  let reach = 0;
  results.forEach((result, at) => {
    const page = wanted[at]?.page ?? 0;
    if (result.data?.docs.length === PAGE) reach = Math.max(reach, page * PAGE + PAGE);
  });
  useEffect(() => {
    if (!capped || reach <= last.current) return;
    last.current = reach;
    set((former) => Math.max(former, reach));
  }, [capped, reach, set]);
}
