/** Days, weeks and months on the calendar, written `YYYY-MM-DD`; and the instants they begin at for the viewer. */
import { instantOf } from "@/lib/format";

const DAY = 86_400_000;

function at(day: string): number {
  return Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
}

function write(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return write(at(day) + count * DAY);
}

/** The Monday of its week, as the server's buckets have it. */
export function weekOf(day: string): string {
  const weekday = (new Date(at(day)).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

export function addMonths(month: string, count: number): string {
  const date = new Date(at(monthOf(month)));
  date.setUTCMonth(date.getUTCMonth() + count);
  return write(date.getTime());
}

/** The last `count` months, the present one last. */
export function lastMonths(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addMonths(day, index - count + 1));
}

/** The last `count` weeks, the present one last. */
export function lastWeeks(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(weekOf(day), 7 * (index - count + 1)));
}

/** The instant at which a day begins where the viewer is. */
export function startOf(day: string): string {
  return instantOf(`${day}T00:00`);
}

export type PartOfDay = "morning" | "afternoon" | "evening";

export function partOfDay(hour: number): PartOfDay {
  if (hour >= 5 && hour < 12) return "morning";
  return hour >= 12 && hour < 18 ? "afternoon" : "evening";
}
