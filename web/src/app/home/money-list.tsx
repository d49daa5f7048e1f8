/** Amounts by currency, one beside the other: they are not added up. */
import type { Money } from "@/engine/documents";
import { formatMoney, minorDigits } from "@/lib/format";

export function MoneyList({ list, currency }: { list: readonly Money[]; currency: string }) {
  const [first = { amount: 0, currency }, ...others] = list;
  return (
    <span className="flex flex-wrap items-baseline gap-x-2.5">
      <span className="text-24 font-semibold tracking-[-0.025em]">{formatMoney(whole(first))}</span>
      {others.map((money) => (
        <span key={money.currency} className="text-14 font-medium text-muted">
          {formatMoney(whole(money))}
        </span>
      ))}
    </span>
  );
}

/** Cents say nothing beside thousands. */
export function whole(money: Money): Money {
  const unit = 10 ** minorDigits(money.currency);
  if (Math.abs(money.amount) < 1000 * unit) return money;
  return { ...money, amount: Math.round(money.amount / unit) * unit };
}
