/** Documents of any tenant within reach; the cache keeps them apart from those of the app itself. */
import { keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Where } from "@/app/admin/where-json";
import type { Doc } from "@/engine/definitions";
import type { Page } from "@/engine/documents";
import { request } from "@/lib/request";

export type RawQuery = {
  where?: Where;
  sort?: string;
  limit: number;
  page: number;
  trash?: boolean;
};

export function rawListOptions(tenant: string | null, slug: string, query: RawQuery) {
  return queryOptions({
    queryKey: ["docs", tenant ?? "*", slug, "list", query],
    queryFn: ({ signal }) =>
      request<Page>("GET", `/api/${slug}`, { query: { ...query, depth: 0 }, tenant, signal }),
    placeholderData: keepPreviousData,
  });
}

export function rawOneOptions(tenant: string | null, slug: string, id: string) {
  return queryOptions({
    queryKey: ["docs", tenant ?? "*", slug, "one", id],
    queryFn: ({ signal }) =>
      request<Doc>("GET", `/api/${slug}/${encodeURIComponent(id)}`, {
        query: { depth: 0, trash: true },
        tenant,
        signal,
      }),
  });
}

export function rawCountOptions(tenant: string | null, slug: string) {
  return queryOptions({
    queryKey: ["docs", tenant ?? "*", slug, "count"],
    queryFn: async ({ signal }) =>
      (await request<{ totalDocs: number }>("GET", `/api/${slug}/count`, { tenant, signal }))
        .totalDocs,
    staleTime: 60_000,
  });
}

/** What is written here shows everywhere, whatever tenant it was looked at from. */
export function writtenRaw(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ["docs"] });
  void client.invalidateQueries({ queryKey: ["tenants"] });
  void client.invalidateQueries({ queryKey: ["settings"] });
}
