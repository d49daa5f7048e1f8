/** Which days a calendar shows, and how: in the address, so that every view of it is a link. */
import { useSearchParams } from "react-router";
import { addDays, addMonths, isDay, range, weekStart, weeksOf } from "@/lib/days";
import { today } from "@/lib/format";
import { firstWeekday } from "@/ui/calendar-grid";

export type Mode = "month" | "week" | "agenda";
export const MODES: readonly Mode[] = ["month", "week", "agenda"];

export type Place = {
  mode: Mode;
  /** The day one is on. */
  day: string;
  /** The days in sight, whole weeks in a month. */
  days: string[];
  go: (change: { mode?: Mode; day?: string }) => void;
  /** So many months, weeks or spans of the agenda on. */
  turn: (count: number) => void;
};

export const AGENDA_DAYS = 30;
const PHONE_DAYS = 3;

export function usePlace(phone: boolean): Place {
  const [params, setParams] = useSearchParams();
  const said = params.get("mode");
  const mode = MODES.find((each) => each === said) ?? (phone ? "agenda" : "month");
  const date = params.get("date");
  const day = isDay(date) ? date : today();
  const go: Place["go"] = (change) =>
    setParams(
      (former) => {
        const next = new URLSearchParams(former);
        if (change.mode) next.set("mode", change.mode);
        if (change.day === today()) next.delete("date");
        else if (change.day) next.set("date", change.day);
        return next;
      },
      { replace: change.mode === undefined, preventScrollReset: true },
    );
  const turn = (count: number) => {
    if (mode === "month") return go({ day: addMonths(day, count) });
    const step = mode === "agenda" ? AGENDA_DAYS : phone ? PHONE_DAYS : 7;
    return go({ day: addDays(day, count * step) });
  };
  return { mode, day, days: daysOf(mode, day, phone), go, turn };
}

function daysOf(mode: Mode, day: string, phone: boolean): string[] {
  if (mode === "month") return weeksOf(day, firstWeekday()).flat();
  if (mode === "agenda") return range(day, AGENDA_DAYS);
  return phone ? range(day, PHONE_DAYS) : range(weekStart(day, firstWeekday()), 7);
}
