/** Sub-accounts with the figures rolled up from them: three aggregates, whatever their number. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Aggregate, aggregateOptions, type Money } from "@/engine/documents";
import { type Tenant, useDefinition } from "@/engine/session";
import type { QueryValue } from "@/lib/query-string";

export type Figures = { contacts: number; open: Money[]; won: Money[] };

const DAYS = 30;

/** The accounts right below one, and for each of them itself with everything further down. */
export function childrenOf(parent: string, all: readonly Tenant[]): Tenant[] {
  return all.filter((tenant) => tenant.parent === parent);
}

export function subtreeOf(root: string, all: readonly Tenant[]): string[] {
  return [root, ...childrenOf(root, all).flatMap((child) => subtreeOf(child.id, all))];
}

/** Sums of the same currency, largest first. */
export function addUp(lists: readonly (readonly Money[])[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of lists.flat()) {
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .sort((a, b) => b.amount - a.amount);
}

export function useFigures(parent: string, all: readonly Tenant[]) {
  const ids = useMemo(() => subtreeOf(parent, all).filter((id) => id !== parent), [parent, all]);
  const deals = useDefinition("deals");
  // To the hour, so that the query stays the same while the page is looked at.
  const since = useMemo(() => {
    const at = new Date(Date.now() - DAYS * 86_400_000);
    at.setUTCMinutes(0, 0, 0);
    return at.toISOString();
  }, []);
  const ask = (slug: string, values: string, ...tests: Record<string, QueryValue>[]) => ({
    ...aggregateOptions(slug, {
      group: "tenant",
      values,
      limit: 1000,
      where: { and: [{ tenant: { in: ids } }, ...tests] },
    }),
    enabled: ids.length > 0 && deals !== undefined,
  });
  const contacts = useQuery(ask("contacts", "count"));
  const open = useQuery(ask("deals", "count,sum:value", { status: { equals: "open" } }));
  const won = useQuery(
    ask(
      "deals",
      "count,sum:value",
      { status: { equals: "won" } },
      { closedAt: { greater_than_equal: since } },
    ),
  );
  const failed = contacts.error ?? open.error ?? won.error;
  const pending = ids.length > 0 && (contacts.isPending || open.isPending || won.isPending);
  const of = (tenant: string): Figures => {
    const under = new Set(subtreeOf(tenant, all));
    return {
      contacts: counted(contacts.data, under),
      open: summed(open.data, under),
      won: summed(won.data, under),
    };
  };
  const retry = () => void Promise.all([contacts.refetch(), open.refetch(), won.refetch()]);
  return { failed, pending, of, retry };
}

function groupsOf(aggregate: Aggregate | undefined, tenants: Set<string>) {
  return (aggregate?.groups ?? []).filter((group) => tenants.has(String(group.key.tenant)));
}

function counted(aggregate: Aggregate | undefined, tenants: Set<string>): number {
  return groupsOf(aggregate, tenants).reduce((sum, group) => sum + (group.count ?? 0), 0);
}

function summed(aggregate: Aggregate | undefined, tenants: Set<string>): Money[] {
  return addUp(
    groupsOf(aggregate, tenants).map((group) => {
      const value = group.sum?.value;
      return Array.isArray(value) ? value : [];
    }),
  );
}
