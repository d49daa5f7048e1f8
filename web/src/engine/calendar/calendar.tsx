/** A calendar over any collections with dates: month, week and agenda in the viewer's zone. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Agenda } from "@/engine/calendar/agenda";
import type { GridProps } from "@/engine/calendar/grid-props";
import type { CalendarItem, Source } from "@/engine/calendar/items";
import { MonthGrid } from "@/engine/calendar/month-grid";
import { PhoneMonth } from "@/engine/calendar/phone-month";
import { Toolbar } from "@/engine/calendar/toolbar";
import { createAt, type Span, shifted, toDay, useChanges } from "@/engine/calendar/use-changes";
import { useCalendarCommands } from "@/engine/calendar/use-commands";
import { useItems } from "@/engine/calendar/use-items";
import { type Place, usePlace } from "@/engine/calendar/use-place";
import { WeekGrid } from "@/engine/calendar/week-grid";
import { addDays } from "@/lib/days";
import { today } from "@/lib/format";
import { usePhone } from "@/lib/media";
import { ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

/** When a day is clicked that has hours but none was chosen. */
const MORNING = { start: "09:00", end: "10:00" };

export function Calendar({ sources, tools }: { sources: readonly Source[]; tools?: ReactNode }) {
  const { t } = useLingui();
  const phone = usePhone();
  const place = usePlace(phone);
  const [said, setSaid] = useState("");
  const { items, pending, cut, error, retry } = useItems(sources, place.days);
  const frame = useRef<HTMLDivElement>(null);
  const change = useChanges(setSaid);
  const maker = sources.find((source) => source.definition.permissions.create);
  const onCreate: GridProps["onCreate"] = (day, span) => {
    const usual = { start: `${day}T${MORNING.start}`, end: `${day}T${MORNING.end}` };
    if (maker) void createAt(maker, span ?? usual);
  };
  useCalendarCommands(place);
  const focusDay = useFocusDay(frame, place);
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (
      !(target instanceof HTMLElement) ||
      event.ctrlKey ||
      event.metaKey ||
      event.defaultPrevented
    )
      return;
    const key = target.closest<HTMLElement>("[data-item]")?.dataset.item;
    const item = items.find((each) => each.key === key);
    const span = event.altKey && item?.movable ? carried(item, event.key, place) : null;
    const day = event.altKey || event.shiftKey ? null : stepped(place, event.key);
    const makes = event.key === "Enter" && target.dataset.day;
    if (!span && !day && !makes) return;
    event.preventDefault();
    if (span && item) change(item, span);
    else if (day) focusDay(day);
    else onCreate(place.day, null);
  };
  const given: GridProps = { place, items, onChange: change, onCreate, onKeyDown };
  return (
    <div ref={frame} className="flex min-h-0 grow flex-col">
      <Toolbar place={place} today={today()} phone={phone}>
        {tools}
      </Toolbar>
      {/* While things are on their way the empty days are shown: the shape of what is coming. */}
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : (
        <Shown given={given} phone={phone} pending={pending} />
      )}
      {cut && (
        <p className="shrink-0 border-t border-line px-4 py-2 text-12 text-muted">{t`Only the first 1,000 are shown.`}</p>
      )}
      <p aria-live="assertive" className="sr-only">
        {said}
      </p>
    </div>
  );
}

function Shown({ given, phone, pending }: { given: GridProps; phone: boolean; pending: boolean }) {
  const { place } = given;
  if (place.mode === "agenda") return pending ? <Waiting /> : <Agenda {...given} />;
  if (place.mode === "week") return <WeekGrid key={place.days[0]} {...given} />;
  return phone ? <PhoneMonth {...given} /> : <MonthGrid {...given} />;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** The day an arrow leads to. In a week up and down are hours, not days. */
function stepped(place: Place, key: string): string | null {
  const count = STEPS[key];
  if (count === undefined) return null;
  return place.mode === "week" && Math.abs(count) === 7 ? null : addDays(place.day, count);
}

const QUARTER = 15;

/** Where Alt and an arrow put something. */
function carried(item: CalendarItem, key: string, place: Place): Span | null {
  const count = STEPS[key];
  if (count === undefined) return null;
  if (place.mode === "week" && Math.abs(count) === 7)
    return shifted(item, Math.sign(count) * QUARTER);
  const day = item.start.slice(0, 10);
  return toDay(item, day, addDays(day, count));
}

/** Goes to a day and lets the focus follow. */
function useFocusDay(frame: { current: HTMLElement | null }, place: Place): (day: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current !== place.day) return;
    wanted.current = null;
    frame.current?.querySelector<HTMLElement>(`[data-day="${place.day}"]`)?.focus();
  }, [frame, place.day]);
  return (day) => {
    wanted.current = day;
    place.go({ day });
  };
}

function Waiting() {
  return (
    <div className="mx-auto grid w-full max-w-[860px] gap-3 p-4" aria-busy="true">
      {Array.from({ length: 8 }, (_, at) => (
        <Skeleton key={at} className="h-9 w-full" />
      ))}
    </div>
  );
}
