/** Numbers, money, days and instants as the viewer reads them: their language, their zone. */
import { i18n } from "@lingui/core";
import type { Money } from "@/api/types.gen";

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The viewer's zone: what they chose, else the browser's. */
export function viewerZone(): string {
  return zone;
}

export function setViewerZone(name: string | null | undefined): void {
  const fallback = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    zone = name
      ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone
      : fallback;
  } catch {
    zone = fallback;
  }
}

export function locale(): string {
  return i18n.locale || "en";
}

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const full = `${locale()}|${zone}|${key}`;
  const found = made.get(full);
  if (found) return found as T;
  const fresh = make();
  made.set(full, fresh);
  return fresh;
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return kept(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options)).format(
    value,
  );
}

/** A stretch of time as a person waits it: 40 seconds, 5 minutes, 1 hour. Never less than it is. */
export function formatWait(seconds: number): string {
  const [unit, size] =
    seconds <= 90 ? ["second", 1] : seconds <= 5400 ? ["minute", 60] : ["hour", 3600];
  const text = formatNumber(Math.ceil(seconds / size), {
    style: "unit",
    unit,
    unitDisplay: "long",
  });
  // A number at the end of a line with its unit on the next reads badly.
  return text.replace(" ", "\u00a0");
}

export type { Money };

/** Minor units a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  try {
    const style = { style: "currency", currency } as const;
    const format = kept(`c${currency}`, () => new Intl.NumberFormat(locale(), style));
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** `{amount: 2105000, currency: "EUR"}` → €21,050; `compact` → €21K. */
export function formatMoney(money: Money, how: "plain" | "compact" = "plain"): string {
  const value = money.amount / 10 ** minorDigits(money.currency);
  const options: Intl.NumberFormatOptions = {
    style: "currency",
    currency: money.currency,
    currencyDisplay: "narrowSymbol",
    // Spanish leaves four digits together; amounts under each other read better alike: 5.400 €, 12.000 €.
    useGrouping: true,
    ...(how === "compact"
      ? { notation: "compact", maximumFractionDigits: 1 }
      : { minimumFractionDigits: Number.isInteger(value) ? 0 : minorDigits(money.currency) }),
  };
  try {
    return formatNumber(value, options);
  } catch {
    return `${value} ${money.currency}`;
  }
}

/** A calendar day, `2026-11-21`, in no zone. */
export function formatDay(day: string, options?: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  const chosen = options ?? dayOptions(day.slice(0, 4));
  return kept(
    `d${JSON.stringify(chosen)}`,
    () => new Intl.DateTimeFormat(locale(), { ...chosen, timeZone: "UTC" }),
  ).format(at);
}

function dayOptions(year: string): Intl.DateTimeFormatOptions {
  const current = today().slice(0, 4) === year;
  return current
    ? { day: "numeric", month: "short" }
    : { day: "numeric", month: "short", year: "numeric" };
}

/** An instant in the viewer's zone. */
export function formatInstant(iso: string, options?: Intl.DateTimeFormatOptions): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const chosen = options ?? {
    ...dayOptions(dayOf(iso).slice(0, 4)),
    hour: "numeric",
    minute: "2-digit",
  };
  return kept(
    `i${JSON.stringify(chosen)}`,
    () => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...chosen }),
  ).format(at);
}

/** The day an instant falls on for the viewer: `YYYY-MM-DD`. */
export function dayOf(iso: string | Date): string {
  const at = typeof iso === "string" ? new Date(iso) : iso;
  if (Number.isNaN(at.getTime())) return "";
  const format = kept(
    "day",
    () =>
      new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
      }),
  );
  return format.format(at);
}

export function today(): string {
  return dayOf(new Date());
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 days ago", "in 2 hours". */
export function formatRelative(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  const format = kept(
    "r",
    () => new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "long" }),
  );
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** The instant that `YYYY-MM-DDTHH:mm` is in the viewer's zone. */
export function instantOf(local: string): string {
  const asUtc = Date.parse(`${local}${local.length === 16 ? ":00" : ""}Z`);
  // Twice, because the offset at the first guess may be that of the other side of a clock change.
  let at = asUtc - offset(asUtc);
  at = asUtc - offset(at);
  return new Date(at).toISOString();
}

/** `YYYY-MM-DDTHH:mm` of an instant in the viewer's zone. */
export function localOf(iso: string): string {
  const at = Date.parse(iso);
  return new Date(at + offset(at)).toISOString().slice(0, 16);
}

/** Milliseconds the viewer's zone is ahead of UTC at an instant. */
function offset(at: number): number {
  const parts = kept(
    "offset",
    () =>
      new Intl.DateTimeFormat("en-US", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      }),
  ).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(
    get("year"),
    get("month") - 1,
    get("day"),
    get("hour"),
    get("minute"),
    get("second"),
  );
  return wall - Math.floor(at / 1000) * 1000;
}
