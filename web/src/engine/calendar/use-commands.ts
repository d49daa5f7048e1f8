/** The keys of a calendar: t today, m w a how it is drawn, n and p on and back. */
import { useLingui } from "@lingui/react/macro";
import type { Place } from "@/engine/calendar/use-place";
import { today } from "@/lib/format";
import { type Command, useCommands } from "@/lib/keyboard";

export function useCalendarCommands(place: Place): void {
  const { t } = useLingui();
  const command = (id: string, keys: string, title: string, run: () => void): Command => ({
    id: `calendar.${id}`,
    title,
    group: t`Calendar`,
    keys,
    run,
  });
  useCommands([
    command("today", "t", t`Go to today`, () => place.go({ day: today() })),
    command("month", "m", t`Show the month`, () => place.go({ mode: "month" })),
    command("week", "w", t`Show the week`, () => place.go({ mode: "week" })),
    command("agenda", "a", t`Show the agenda`, () => place.go({ mode: "agenda" })),
    command("next", "n", t`Next`, () => place.turn(1)),
    command("previous", "p", t`Previous`, () => place.turn(-1)),
  ]);
}
