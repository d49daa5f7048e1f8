/** "Today, 09:00", "Friday", "3 Dec": when a task is due, as short as it can be said. */
import { t } from "@lingui/core/macro";
import { addDays, daysBetween } from "@/lib/days";
import { dayOf, formatDay, formatInstant, today } from "@/lib/format";
import { isWholeDay } from "@/modules/crm/tasks/natural";

export function dueText(instant: string): string {
  return [dueDay(instant), dueTime(instant)].filter(Boolean).join(", ");
}

export function dueDay(instant: string): string {
  return dayName(dayOf(instant));
}

/** Nothing for what is due on a day as a whole. */
export function dueTime(instant: string): string {
  return isWholeDay(instant) ? "" : formatInstant(instant, { hour: "numeric", minute: "2-digit" });
}

function dayName(day: string): string {
  const now = today();
  if (day === now) return t`Today`;
  if (day === addDays(now, 1)) return t`Tomorrow`;
  if (day === addDays(now, -1)) return t`Yesterday`;
  const away = daysBetween(now, day);
  if (away > 1 && away < 7) return formatDay(day, { weekday: "long" });
  return formatDay(day);
}
