/** Which accounts the figures cover: an agency sees all of its own together. */
import { useMemo } from "react";
import { usePreferences } from "@/engine/preferences";
import { type Tenant, useSession } from "@/engine/session";
import { descendants } from "@/engine/tenants";
import type { QueryValue } from "@/lib/query-string";

export type Scope = {
  /** Accounts below this one. */
  below: readonly Tenant[];
  all: boolean;
  setAll: (all: boolean) => void;
  /** Names the accounts, where it is not just the one selected. */
  where: (more?: Record<string, QueryValue>) => Record<string, QueryValue> | undefined;
};

export function useScope(): Scope {
  const { tenant, tenants } = useSession();
  const [preferences, setPreferences] = usePreferences();
  const below = useMemo(() => descendants(tenant.id, tenants), [tenant.id, tenants]);
  const all = below.length > 0 && preferences.homeScope !== "own";
  const ids = useMemo(() => [tenant.id, ...below.map((each) => each.id)], [tenant.id, below]);
  return {
    below,
    all,
    setAll: (next) => setPreferences({ homeScope: next ? "all" : "own" }),
    where: (more) => (all ? { ...more, tenant: { in: ids } } : more),
  };
}
