/** Counting with calendar days, `YYYY-MM-DD`. A day has no zone and no clock change. */

const DAY = 86_400_000;

function at(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: string, count: number): string {
  return new Date(at(day) + count * DAY).toISOString().slice(0, 10);
}

/** Days from one to another; negative when the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / DAY);
}

/** The same day of another month, or the last that month has. */
export function addMonths(day: string, count: number): string {
  const last = new Date(at(`${day.slice(0, 7)}-01`));
  last.setUTCMonth(last.getUTCMonth() + count + 1, 0);
  const number = Math.min(Number(day.slice(8, 10)), last.getUTCDate());
  return `${last.toISOString().slice(0, 7)}-${String(number).padStart(2, "0")}`;
}

/** 1 (Monday) to 7 (Sunday). */
export function weekday(day: string): number {
  return new Date(at(day)).getUTCDay() || 7;
}

/** The day the week of `day` begins with, where weeks begin on `first`. */
export function weekStart(day: string, first: number): string {
  return addDays(day, -((weekday(day) - first + 7) % 7));
}

/** So many days from `day` on. */
export function range(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(day, index));
}

/** The weeks a month is drawn with: whole ones, as many as it needs. */
export function weeksOf(day: string, first: number): string[][] {
  const begin = weekStart(`${day.slice(0, 7)}-01`, first);
  const next = addMonths(`${day.slice(0, 7)}-01`, 1);
  const count = Math.ceil(daysBetween(begin, next) / 7);
  return Array.from({ length: count }, (_, week) => range(addDays(begin, week * 7), 7));
}

export function isDay(text: string | null | undefined): text is string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") && !Number.isNaN(at(text ?? ""));
}
