/** Records by what was typed, from the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { request, standsIn } from "@/lib/request";

export type Found = {
  collection: string;
  id: string;
  tenant: string | null;
  title: string;
  detail?: string | null;
  updatedAt?: string;
};

/** Long enough to skip most keys of a word, too short to be felt. */
const DEBOUNCE = 80;

export function useDebounced<T>(value: T, delay = DEBOUNCE): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

export type Search = {
  results: Found[];
  /** What is shown is not yet what was asked for. */
  pending: boolean;
  error: unknown;
  retry: () => void;
};

/** Records of a collection that are shown, and how many are asked for where some will be left out. */
const MOST = 5;
const WIDE = 20;

/** In this account, or, given `among`, in all of those. */
async function find(
  q: string,
  among: ReadonlySet<string> | null,
  signal: AbortSignal,
): Promise<Found[]> {
  const query = { q, limit: among ? WIDE : MOST };
  const scope = among ? { tenant: null } : {};
  const { results } = await request<{ results: Found[] }>("GET", "/api/search", {
    query,
    signal,
    ...scope,
  });
  const shown = new Map<string, number>();
  return results.filter(({ collection, tenant }) => {
    if (among && tenant && !among.has(tenant)) return false;
    const count = (shown.get(collection) ?? 0) + 1;
    shown.set(collection, count);
    return count <= MOST;
  });
}

export function useSearch(
  query: string,
  enabled: boolean,
  among: ReadonlySet<string> | null,
): Search {
  const typed = query.trim();
  const q = useDebounced(typed);
  const asked = enabled && q !== "";
  const answer = useQuery({
    queryKey: ["search", standsIn(), q],
    queryFn: ({ signal }) => find(q, among, signal),
    enabled: asked,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
    retry: false,
  });
  const shown = typed !== "" && enabled;
  return {
    results: shown ? (answer.data ?? []) : [],
    pending: shown && (q !== typed || answer.isFetching),
    error: shown && asked ? answer.error : null,
    retry: () => void answer.refetch(),
  };
}
