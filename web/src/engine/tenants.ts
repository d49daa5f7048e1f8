/** The tree of tenants, as far as one reaches. */
import type { Tenant } from "@/engine/session";

/** Everything under `root`, in no order that matters. */
export function descendants(root: string, tenants: readonly Tenant[]): Tenant[] {
  const children = new Map<string, Tenant[]>();
  for (const tenant of tenants) {
    if (tenant.parent)
      children.set(tenant.parent, [...(children.get(tenant.parent) ?? []), tenant]);
  }
  const walk = (id: string): Tenant[] =>
    (children.get(id) ?? []).flatMap((child) => [child, ...walk(child.id)]);
  return walk(root);
}
