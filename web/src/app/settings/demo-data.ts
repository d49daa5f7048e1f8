/** The demo below a tenant: asked for, made, removed. Shared by settings and the first run. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { tenantsOptions } from "@/engine/session";
import { request } from "@/lib/request";

export type DemoState = { present: boolean; tenant: string | null };

/** Making it takes seconds, on a small machine many. */
const TIME_LIMIT = 180_000;

export function demoOptions(tenant: string) {
  return queryOptions({
    queryKey: ["demo", tenant],
    queryFn: ({ signal }) => request<DemoState>("GET", `/api/tenants/${tenant}/demo`, { signal }),
  });
}

export function useDemo(tenant: string) {
  const client = useQueryClient();
  const settle = async (state: DemoState) => {
    client.setQueryData(demoOptions(tenant).queryKey, state);
    await client.invalidateQueries({ queryKey: tenantsOptions.queryKey });
    void client.invalidateQueries({ queryKey: ["docs"] });
  };
  const send = (method: "POST" | "DELETE") =>
    request<DemoState>(method, `/api/tenants/${tenant}/demo`, {
      timeout: TIME_LIMIT,
      ...(method === "POST" ? { body: {} } : {}),
    });
  const make = useMutation({ mutationFn: () => send("POST"), onSuccess: settle });
  const remove = useMutation({ mutationFn: () => send("DELETE"), onSuccess: settle });
  return { make, remove };
}
