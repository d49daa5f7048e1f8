/** What the cards show, from what the server has added up. Amounts of two currencies are never added. */
import type { Aggregate, AggregateGroup, Money } from "@/engine/documents";

export function moneyOf(value: unknown): Money[] {
  return Array.isArray(value) ? (value as Money[]) : [];
}

export function addMoney(lists: readonly (readonly Money[])[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of lists.flat())
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .map(([currency, amount]) => ({ amount, currency }))
    .sort((a, b) => b.amount - a.amount);
}

export function amountIn(list: readonly Money[], currency: string): number {
  return list.find((each) => each.currency === currency)?.amount ?? 0;
}

export type Stage = {
  name: string;
  order: number;
  /** Percent. */
  probability: number;
  count: number;
  value: Money[];
  weighted: Money[];
};

function number(value: unknown): number {
  return typeof value === "number" ? value : Number(value ?? 0) || 0;
}

/** Groups of `stage.name,stage.order,stage.probability` as stages; of one name (in several accounts) one. */
export function stagesOf(
  groups: readonly AggregateGroup[],
  empty: readonly { name: string; order: number; probability: number }[] = [],
): Stage[] {
  const stages = new Map<string, Stage>();
  for (const each of empty) {
    stages.set(each.name, { ...each, count: 0, value: [], weighted: [] });
  }
  for (const group of groups) {
    const name = String(group.key["stage.name"] ?? "");
    const probability = number(group.key["stage.probability"]);
    const order = number(group.key["stage.order"]);
    const value = moneyOf(group.sum?.value);
    const weighted = value.map((m) => ({
      ...m,
      amount: Math.round((m.amount * probability) / 100),
    }));
    const held = stages.get(name) ?? {
      name,
      order,
      probability,
      count: 0,
      value: [],
      weighted: [],
    };
    stages.set(name, {
      ...held,
      order: Math.min(held.order, order),
      count: held.count + (group.count ?? 0),
      value: addMoney([held.value, value]),
      weighted: addMoney([held.weighted, weighted]),
    });
  }
  return [...stages.values()].sort((a, b) => a.order - b.order || a.probability - b.probability);
}

export type Rate = { won: number; lost: number; rate: number | null };

export function rateOf(data: Aggregate | undefined): Rate {
  const count = (status: string) =>
    data?.groups.find((group) => group.key.status === status)?.count ?? 0;
  const won = count("won");
  const lost = count("lost");
  return { won, lost, rate: won + lost === 0 ? null : won / (won + lost) };
}

/** A value for every bucket, those in which nothing happened too. */
export function filled<T>(
  buckets: readonly string[],
  data: Aggregate | undefined,
  key: string,
  value: (group: AggregateGroup | undefined) => T,
): { bucket: string; value: T }[] {
  const byBucket = new Map(data?.groups.map((group) => [String(group.key[key] ?? ""), group]));
  return buckets.map((bucket) => ({ bucket, value: value(byBucket.get(bucket)) }));
}

/** Every currency that occurs, the one with most in it first. */
export function currenciesOf(lists: readonly (readonly Money[])[]): string[] {
  return addMoney(lists).map((each) => each.currency);
}
