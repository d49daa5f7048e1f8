/** Writing fields of a tenant, and what has to be read again after it. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { keys } from "@/engine/documents";
import { patchOne } from "@/engine/patch";
import { type Tenant, tenantsOptions } from "@/engine/session";

export async function tenantsChanged(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: tenantsOptions.queryKey }),
    // Settings are handed down: those of any tenant may have changed with these.
    client.invalidateQueries({ queryKey: ["settings"] }),
  ]);
  void client.invalidateQueries({ queryKey: keys.collection("tenants") });
}

export function useSaveTenant(
  id: string,
): (body: Partial<Tenant> & { logo?: string | null }) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (body) => {
      await patchOne("tenants", id, body);
      await tenantsChanged(client);
    },
    [client, id],
  );
}
