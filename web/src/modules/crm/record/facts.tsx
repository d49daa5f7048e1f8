/** Small facts at the head of a record: a word for what it is, and the thing itself. */
import type { ReactNode } from "react";
import type { AggregateValues, Money } from "@/engine/documents";
import { formatMoney } from "@/lib/format";

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-wrap items-center gap-x-5 gap-y-1.5">{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="shrink-0 text-12 text-muted">{label}</dt>
      <dd className="min-w-0 truncate font-medium">{children}</dd>
    </div>
  );
}

/** Sums of money, one for each currency: they are never added up over currencies. */
export function sumsOf(values: AggregateValues | undefined, field: string): Money[] {
  const found = values?.[field];
  return Array.isArray(found) ? found.filter((money) => money.amount !== 0) : [];
}

export function moneyText(sums: readonly Money[]): string {
  return sums.map((money) => formatMoney(money, "compact")).join(" + ");
}
