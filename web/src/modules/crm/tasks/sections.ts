/** A list of tasks as a day is planned: what is late, what is today, what can wait. Or by whom they are about. */

import { type Doc, idOf } from "@/engine/definitions";
import { isDoc, titleOf } from "@/engine/titles";
import { addDays, weekStart } from "@/lib/days";
import { dayOf, instantOf, localOf } from "@/lib/format";
import { dayEnd, isWholeDay } from "@/modules/crm/tasks/natural";

export type When = "overdue" | "today" | "tomorrow" | "week" | "later" | "none";
export const WHENS: readonly When[] = ["overdue", "today", "tomorrow", "week", "later", "none"];

export function dueOf(task: Doc): string | null {
  return typeof task.dueAt === "string" ? task.dueAt : null;
}

export function isDone(task: Doc): boolean {
  return task.status === "done" || task.status === "cancelled";
}

/** Where a task belongs, for someone whose weeks begin on `first`. */
export function whenOf(due: string | null, now: Date, first: number): When {
  if (due === null) return "none";
  if (Date.parse(due) < now.getTime()) return "overdue";
  const today = dayOf(now);
  const day = dayOf(due);
  if (day === today) return "today";
  if (day === addDays(today, 1)) return "tomorrow";
  return day < addDays(weekStart(today, first), 7) ? "week" : "later";
}

export type Section = { key: string; tasks: Doc[]; contact?: Doc };

/** Only sections with tasks, in the order of time; tasks keep the order they came in. */
export function byTime(tasks: readonly Doc[], now: Date, first: number): Section[] {
  const all = new Map<When, Doc[]>(WHENS.map((when) => [when, []]));
  for (const task of tasks) all.get(whenOf(dueOf(task), now, first))?.push(task);
  return WHENS.flatMap((key) => {
    const held = all.get(key) ?? [];
    return held.length > 0 ? [{ key, tasks: held }] : [];
  });
}

export const NOBODY = "nobody";

/** By contact, those with the most pressing task first; tasks about nobody last. */
export function byContact(tasks: readonly Doc[]): Section[] {
  const all = new Map<string, Section>();
  for (const task of tasks) {
    const key = idOf(task.contact) ?? NOBODY;
    const section = all.get(key) ?? { key, tasks: [] };
    if (isDoc(task.contact)) section.contact = task.contact;
    section.tasks.push(task);
    all.set(key, section);
  }
  const sections = [...all.values()];
  return [...sections.filter((s) => s.key !== NOBODY), ...sections.filter((s) => s.key === NOBODY)];
}

export function contactName(section: Section): string {
  return section.contact ? titleOf(undefined, section.contact) : "";
}

export type Snooze = "later" | "tomorrow" | "week";

/** Hours until "later today", and the last at which there is one. */
const LATER = 3;
const EVENING = 21;

/** When a task is put off until. Its hour stays; a task of a whole day stays one. */
export function snoozed(due: string | null, how: Snooze, now: Date): string | null {
  const wall = localOf(now.toISOString());
  const today = wall.slice(0, 10);
  if (how === "later") {
    const hour = Number(wall.slice(11, 13)) + LATER;
    return hour > EVENING ? null : instantOf(`${today}T${String(hour).padStart(2, "0")}:00`);
  }
  // The next Monday: what is put off by a week is planned at its beginning.
  const day = how === "tomorrow" ? addDays(today, 1) : addDays(weekStart(today, 1), 7);
  if (due === null || isWholeDay(due)) return dayEnd(day);
  return instantOf(`${day}T${localOf(due).slice(11)}`);
}
