/** Numbers and money. Money is edited in major units and kept in minor ones. */
import { t } from "@lingui/core/macro";
import { useState } from "react";
import type { Field } from "@/engine/definitions";
import type { Money } from "@/engine/documents";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { useSession } from "@/engine/session";
import { formatMoney, formatNumber, minorDigits } from "@/lib/format";
import { Input } from "@/ui/field";

/** "1,234.50", "1.234,50", "1 234" → 1234.5: the last separator with one or two digits after it is the decimal one. */
export function readNumber(text: string): number | null {
  const bare = text.replace(/[^\d.,+-]/g, "");
  if (bare === "") return null;
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  const tail = last < 0 ? 0 : bare.length - last - 1;
  const only = (bare.match(/[.,]/g) ?? []).length === 1;
  const decimal = last >= 0 && (tail !== 3 || (only && /^[+-]?0[.,]/.test(bare)));
  const whole = (decimal ? bare.slice(0, last) : bare).replace(/[.,]/g, "");
  const value = Number(decimal ? `${whole}.${bare.slice(last + 1)}` : whole);
  return Number.isFinite(value) ? value : null;
}

function isMoney(value: unknown): value is Money {
  return (
    typeof value === "object" &&
    value !== null &&
    "amount" in value &&
    typeof value.amount === "number"
  );
}

function numberText(value: unknown, useGrouping: boolean): string {
  if (typeof value !== "number") return "";
  return formatNumber(value, { maximumFractionDigits: 6, useGrouping });
}

/** A year is no quantity: what cannot pass 9999 is written without a thousands separator. */
function isGrouped(field: Field): boolean {
  return !(field.integer && field.max !== undefined && field.max <= 9999);
}

function NumberDisplay({ field, value }: DisplayProps) {
  return <span className="truncate tabular-nums">{numberText(value, isGrouped(field))}</span>;
}

function NumberInput({ field, value, onChange, invalid, onDone, ...rest }: InputProps) {
  const [draft, setDraft] = useState(() => (typeof value === "number" ? String(value) : ""));
  return (
    <Input
      {...rest}
      inputMode={field.integer ? "numeric" : "decimal"}
      autoComplete="off"
      aria-invalid={invalid}
      className="text-right tabular-nums"
      value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
        onChange(readNumber(event.target.value));
      }}
    />
  );
}

function parseNumber(text: string, field: Field): unknown {
  if (text.trim() === "") return null;
  const value = readNumber(text);
  if (value === null) throw new Error(t`“${text}” is no number.`);
  if (field.integer && !Number.isInteger(value)) throw new Error(t`A whole number, please.`);
  if (field.min !== undefined && value < field.min) throw new Error(t`At least ${field.min}.`);
  if (field.max !== undefined && value > field.max) throw new Error(t`At most ${field.max}.`);
  return value;
}

function MoneyDisplay({ value }: DisplayProps) {
  return <span className="truncate tabular-nums">{isMoney(value) ? formatMoney(value) : ""}</span>;
}

function major(value: unknown): string {
  if (!isMoney(value)) return "";
  return String(value.amount / 10 ** minorDigits(value.currency));
}

function MoneyInput({ value, onChange, invalid, field: _, onDone, ...rest }: InputProps) {
  const { settings } = useSession();
  const currency = isMoney(value) ? value.currency : settings.currency.value;
  const [draft, setDraft] = useState(() => major(value));
  const change = (text: string) => {
    setDraft(text);
    const read = readNumber(text);
    onChange(read === null ? null : { amount: minor(read, currency), currency });
  };
  return (
    <Input
      {...rest}
      inputMode="decimal"
      autoComplete="off"
      aria-invalid={invalid}
      className="text-right tabular-nums"
      left={<span className="text-12 text-muted">{currency}</span>}
      value={draft}
      onChange={(event) => change(event.target.value)}
    />
  );
}

export function minor(value: number, currency: string): number {
  return Math.round(value * 10 ** minorDigits(currency));
}

const CODE = /\b([A-Z]{3})\b/;
const SIGNS: Record<string, string> = { "€": "EUR", $: "USD", "£": "GBP", "¥": "JPY" };

/** "€ 1,200", "1200 USD"; a bare number is sent as the tenant's currency is kept: the amount alone. */
function parseMoney(text: string): unknown {
  if (text.trim() === "") return null;
  const value = readNumber(text);
  if (value === null) throw new Error(t`“${text}” is no amount.`);
  const sign = Object.keys(SIGNS).find((each) => text.includes(each));
  const currency = CODE.exec(text.toUpperCase())?.[1] ?? (sign ? SIGNS[sign] : undefined);
  return currency ? { amount: minor(value, currency), currency } : Math.round(value * 100);
}

export const number: FieldView = {
  align: "end",
  width: 110,
  Display: NumberDisplay,
  Input: NumberInput,
  text: (value) => (isEmpty(value) ? "" : String(value)),
  parse: parseNumber,
};

export const money: FieldView = {
  align: "end",
  width: 120,
  Display: MoneyDisplay,
  Input: MoneyInput,
  text: (value) => (isMoney(value) ? `${major(value)} ${value.currency}` : ""),
  parse: parseMoney,
};
