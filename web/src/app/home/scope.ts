/** Which accounts the figures cover: an agency sees all of its own together. */
import { useMemo } from "react";
import { usePreferences } from "@/engine/preferences";
import { type Tenant, useSession } from "@/engine/session";
import type { QueryValue } from "@/lib/query-string";

export type Scope = {
  /** Accounts below this one. */
  below: readonly Tenant[];
  all: boolean;
  setAll: (all: boolean) => void;
  /** Names the accounts, where it is not just the one selected. */
  where: (more?: Record<string, QueryValue>) => Record<string, QueryValue> | undefined;
};

/** Everything under `root`, in no order that matters. */
export function descendants(root: string, tenants: readonly Tenant[]): Tenant[] {
  const children = new Map<string, Tenant[]>();
  for (const tenant of tenants) {
    if (tenant.parent) children.set(tenant.parent, [...(children.get(tenant.parent) ?? []), tenant]);
  }
  const walk = (id: string): Tenant[] =>
    (children.get(id) ?? []).flatMap((child) => [child, ...walk(child.id)]);
  return walk(root);
}

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
