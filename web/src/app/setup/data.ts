/** Trades an account can be set up for, and setting it up. */
import { queryOptions } from "@tanstack/react-query";
import type { Answers } from "@/app/setup/guess";
import { request } from "@/lib/request";

export type Trade = {
  value: string;
  label: string;
  description: string;
  pipelines: { name: string; stages: { name: string; probability: number; kind: string }[] }[];
  services: { name: string; category: string; billing: string }[];
  tags: { name: string; color: string }[];
};

export type Created = { pipelines: number; stages: number; services: number; tags: number };

/** In the language the account will speak, because what is shown is what will be created. */
export function tradesOptions(locale: string) {
  return queryOptions({
    queryKey: ["business-types", locale],
    queryFn: async ({ signal }) =>
      (
        await request<{ docs: Trade[] }>("GET", "/api/business-types", {
          query: { locale },
          signal,
        })
      ).docs,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export async function setUp(tenant: string, answers: Answers): Promise<Created> {
  const { demo: _, ...body } = answers;
  const path = `/api/tenants/${tenant}/setup`;
  return (await request<{ created: Created }>("POST", path, { body })).created;
}
