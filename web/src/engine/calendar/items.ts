/** What stands in a calendar, and where it is drawn. Wall-clock times are the viewer's. */
import type { LucideIcon } from "lucide-react";
import type { Definition, Doc } from "@/engine/definitions";
import { addDays, daysBetween } from "@/lib/days";
import type { QueryValue } from "@/lib/query-string";

/** A collection whose documents have a time. */
export type Source = {
  definition: Definition;
  start: string;
  end?: string | undefined;
  hue: number;
  icon: LucideIcon;
  where?: Record<string, QueryValue> | undefined;
  /** Words that are searched for. */
  q?: string | undefined;
};

export type CalendarItem = {
  key: string;
  source: Source;
  doc: Doc;
  title: string;
  /** `YYYY-MM-DDTHH:mm` where the viewer is. */
  start: string;
  end: string;
  /** Has no hour, or lasts a day and more. */
  wholeDay: boolean;
  over: boolean;
  movable: boolean;
};

/** How long something is drawn that says only when it begins. */
const BRIEF = 30;
const MINUTES = 1440;

export function minutesOf(local: string): number {
  return Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
}

/** Wall-clock time so many minutes after the midnight a day begins with; may be on another day. */
export function wallAt(day: string, minutes: number): string {
  const days = Math.floor(minutes / MINUTES);
  const rest = minutes - days * MINUTES;
  const time = `${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`;
  return `${addDays(day, days)}T${time}`;
}

/** Minutes on the wall clock from one time to another. */
export function wallBetween(from: string, to: string): number {
  return (
    daysBetween(from.slice(0, 10), to.slice(0, 10)) * MINUTES + minutesOf(to) - minutesOf(from)
  );
}

/** The last day something touches: what ends at midnight does not touch the day that begins. */
export function lastDay({ start, end }: Pick<CalendarItem, "start" | "end">): string {
  const first = start.slice(0, 10);
  if (end <= start) return first;
  return end.endsWith("T00:00") ? addDays(end.slice(0, 10), -1) : end.slice(0, 10);
}

export function isWholeDay(start: string, end: string, hasEnd: boolean): boolean {
  const time = start.slice(11);
  if (!hasEnd) return time === "00:00" || time === "23:59";
  return wallBetween(start, end) >= MINUTES;
}

export function briefEnd(start: string): string {
  return wallAt(start.slice(0, 10), minutesOf(start) + BRIEF);
}

/** Whole days first, then by the clock. */
export function inOrder(items: readonly CalendarItem[]): CalendarItem[] {
  return [...items].sort(
    (a, b) =>
      Number(b.wholeDay) - Number(a.wholeDay) ||
      a.start.localeCompare(b.start) ||
      a.title.localeCompare(b.title),
  );
}

export function onDay(items: readonly CalendarItem[], day: string): CalendarItem[] {
  return inOrder(items.filter((item) => item.start.slice(0, 10) <= day && lastDay(item) >= day));
}

/**
 * The lines of each day of a week: what lasts several days keeps its line in all of them, so that it
 * is drawn as one bar. Null is a line left free.
 */
export function linesOf(
  week: readonly string[],
  items: readonly CalendarItem[],
): Map<string, (CalendarItem | null)[]> {
  const lines = new Map<string, (CalendarItem | null)[]>(week.map((day) => [day, []]));
  const first = week[0] ?? "";
  const last = week.at(-1) ?? "";
  const shown = items.filter((item) => item.start.slice(0, 10) <= last && lastDay(item) >= first);
  const long = (item: CalendarItem) => lastDay(item) > item.start.slice(0, 10);
  const order = inOrder(shown).sort((a, b) => Number(long(b)) - Number(long(a)));
  for (const item of order) {
    const days = week.filter((day) => item.start.slice(0, 10) <= day && lastDay(item) >= day);
    let line = 0;
    while (days.some((day) => lines.get(day)?.[line])) line += 1;
    for (const day of days) {
      const held = lines.get(day) ?? [];
      while (held.length < line) held.push(null);
      held[line] = item;
    }
  }
  return lines;
}

export type Slot = { item: CalendarItem; lane: number; lanes: number };

/** What overlaps on a day stands side by side. */
export function slotsOf(items: readonly CalendarItem[]): Slot[] {
  const sorted = [...items].sort(
    (a, b) => a.start.localeCompare(b.start) || b.end.localeCompare(a.end),
  );
  const out: Slot[] = [];
  let cluster: Slot[] = [];
  let ends: string[] = [];
  const close = () => {
    for (const slot of cluster) slot.lanes = ends.length;
    out.push(...cluster);
    cluster = [];
    ends = [];
  };
  for (const item of sorted) {
    if (ends.every((end) => end <= item.start)) close();
    const free = ends.findIndex((end) => end <= item.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = item.end > item.start ? item.end : briefEnd(item.start);
    cluster.push({ item, lane, lanes: 1 });
  }
  close();
  return out;
}
