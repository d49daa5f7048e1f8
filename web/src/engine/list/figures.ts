/** Sums and averages as they are read: money by currency, the largest first. */
import type { Field } from "@/engine/definitions";
import type { Money } from "@/engine/documents";
import { formatDay, formatInstant, formatMoney, formatNumber } from "@/lib/format";

export type Figure = number | string | null | undefined | Money[];

export function figureText(figure: Figure, field: Field): string {
  if (figure === null || figure === undefined) return "";
  if (Array.isArray(figure)) {
    const [first] = figure;
    if (!first) return "";
    const more = figure.length > 1 ? ` +${figure.length - 1}` : "";
    return `${formatMoney(rounded(first))}${more}`;
  }
  if (typeof figure === "number") return formatNumber(figure, { maximumFractionDigits: 1 });
  return field.type === "date" ? formatDay(figure) : formatInstant(figure);
}

/** Every currency, for those who ask. */
export function figureTitle(figure: Figure): string | undefined {
  if (!Array.isArray(figure) || figure.length < 2) return undefined;
  return figure.map((money) => formatMoney(rounded(money))).join(" · ");
}

/** An average has no more digits than the money itself. */
function rounded(money: Money): Money {
  return { ...money, amount: Math.round(money.amount) };
}
