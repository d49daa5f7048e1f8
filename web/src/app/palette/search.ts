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

export function useSearch(query: string, enabled: boolean): Search {
  const typed = query.trim();
  const q = useDebounced(typed);
  const asked = enabled && q !== "";
  const answer = useQuery({
    queryKey: ["search", standsIn(), q],
    queryFn: async ({ signal }) =>
      (await request<{ results: Found[] }>("GET", "/api/search", { query: { q, limit: 6 }, signal }))
        .results,
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
