/** Days beside each other with their hours: things are moved, stretched, and made by drawing them. */
import { useLingui } from "@lingui/react/macro";
import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { GridProps } from "@/engine/calendar/grid-props";
import { ItemIcon, ItemLink, lookOf } from "@/engine/calendar/item-link";
import {
  type CalendarItem,
  minutesOf,
  onDay,
  slotsOf,
  wallAt,
  wallBetween,
} from "@/engine/calendar/items";
import { type Span, shifted } from "@/engine/calendar/use-changes";
import { type Point, useDrag } from "@/engine/calendar/use-drag";
import { HOUR, WeekItem } from "@/engine/calendar/week-item";
import { cx } from "@/lib/cx";
import { formatDay, formatInstant, localOf, today } from "@/lib/format";

const SNAP = 15;
/** The hour the day begins at on screen. */
const MORNING = 7.5;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** What a click makes. */
const USUAL = 60;

type Given = { kind: "move" | "stretch"; item: CalendarItem } | { kind: "draw" };
type Preview = { key: string | null; span: Span };

export function WeekGrid({ place, items, onChange, onCreate, onKeyDown }: GridProps) {
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useRef<HTMLDivElement>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: MORNING * HOUR });
  }, []);
  const locate = (at: Point) => locateIn(columns.current, place.days, at);
  const spanOf = (given: Given, at: Point, from: Point): Span | null => {
    const [here, origin] = [locate(at), locate(from)];
    if (!here || !origin) return null;
    if (given.kind === "draw") return drawn(origin, here);
    const moved = snap(wallBetween(origin, here));
    if (given.kind === "move") return shifted(given.item, moved);
    const end = shifted(given.item, moved).end;
    const least = wallAt(given.item.start.slice(0, 10), minutesOf(given.item.start) + SNAP);
    const later = [end, least].sort().at(-1) ?? least;
    return { start: given.item.start, end: later };
  };
  const drag = useDrag<Given>({
    preview: (given, at, from) => {
      const span = spanOf(given, at, from);
      setPreview(span && { key: given.kind === "draw" ? null : given.item.key, span });
    },
    drop: (given, at, from) => {
      setPreview(null);
      const span = spanOf(given, at, from);
      if (!span) return;
      if (given.kind === "draw") onCreate(span.start.slice(0, 10), span);
      else onChange(given.item, span);
    },
    cancel: () => setPreview(null),
    tap: (given, at) => {
      const here = given.kind === "draw" ? locate(at) : null;
      if (!here) return;
      const minute = Math.floor(minutesOf(here) / 30) * 30;
      const day = here.slice(0, 10);
      onCreate(day, { start: wallAt(day, minute), end: wallAt(day, minute + USUAL) });
    },
  });
  const shown = items.map((item) =>
    preview?.key === item.key ? { ...item, ...preview.span } : item,
  );
  const timed = shown.filter((item) => !item.wholeDay);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move among the days and links inside
    <div
      ref={scroller}
      className="min-h-0 grow overflow-y-auto overflow-x-hidden"
      onKeyDown={onKeyDown}
    >
      <div className="sticky top-0 z-10 bg-bg">
        <Heads place={place} items={shown} />
      </div>
      <div className="relative flex" style={{ height: 24 * HOUR }}>
        <div aria-hidden className="relative w-14 shrink-0 text-11 text-faint phone:w-11">
          {HOURS.slice(1).map((hour) => (
            <span
              key={hour}
              className="absolute right-2 -translate-y-1/2"
              style={{ top: hour * HOUR }}
            >
              {formatInstant(`2026-01-01T${String(hour).padStart(2, "0")}:00:00Z`, {
                hour: "numeric",
                timeZone: "UTC",
              })}
            </span>
          ))}
        </div>
        <div
          ref={columns}
          className={cx("relative flex min-w-0 grow", drag.dragging && "cursor-grabbing")}
        >
          <div aria-hidden className="pointer-events-none absolute inset-0">
            {HOURS.slice(1).map((hour) => (
              <span
                key={hour}
                className="absolute inset-x-0 border-t border-line"
                style={{ top: hour * HOUR }}
              />
            ))}
          </div>
          {place.days.map((day) => (
            <section
              key={day}
              aria-label={formatDay(day, { dateStyle: "full" })}
              onPointerDown={(event) => drag.start(event, { kind: "draw" })}
              className="relative min-w-0 flex-1 border-l border-line"
            >
              {slotsOf(onDay(timed, day)).map((slot) => (
                <WeekItem
                  key={slot.item.key}
                  slot={slot}
                  day={day}
                  tabIndex={day === place.day ? 0 : -1}
                  moving={preview?.key === slot.item.key}
                  onMoveStart={(event: PointerEvent) =>
                    drag.start(event, { kind: "move", item: slot.item })
                  }
                  onStretchStart={(event: PointerEvent) =>
                    drag.start(event, { kind: "stretch", item: slot.item })
                  }
                />
              ))}
              {preview && preview.key === null && preview.span.start.startsWith(day) && (
                <Draft span={preview.span} />
              )}
              {day === today() && <NowLine />}
            </section>
          ))}
        </div>
      </div>
      <p className="sr-only">{t`Alt and arrows move what has the focus by a day or a quarter of an hour.`}</p>
    </div>
  );
}

function Heads({ place, items }: { place: GridProps["place"]; items: readonly CalendarItem[] }) {
  const { t } = useLingui();
  const whole = items.filter((item) => item.wholeDay);
  const rows = place.days.map((day) => ({ day, all: onDay(whole, day) }));
  return (
    <div role="grid" aria-label={t`Week`} className="border-b border-line">
      <div role="row" tabIndex={-1} className="flex pl-14 phone:pl-11">
        {rows.map(({ day, all }) => (
          <DayHead key={day} day={day} current={day === place.day} items={all} />
        ))}
      </div>
    </div>
  );
}

function DayHead({
  day,
  current,
  items,
}: {
  day: string;
  current: boolean;
  items: readonly CalendarItem[];
}) {
  const now = day === today();
  return (
    <div
      role="gridcell"
      data-day={day}
      tabIndex={current ? 0 : -1}
      aria-selected={current}
      className="relative flex min-w-0 flex-1 flex-col gap-0.5 border-l border-line px-1 pb-1 outline-offset-[-2px]"
    >
      <span className="sr-only">{formatDay(day, { dateStyle: "full" })}</span>
      <span aria-hidden className="flex h-9 items-center justify-center gap-1.5 text-12 text-muted">
        {formatDay(day, { weekday: "short" })}
        <span
          className={cx(
            "inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1 font-semibold",
            now ? "bg-accent text-accent-fg" : current ? "bg-active text-fg" : "text-fg",
          )}
        >
          {formatDay(day, { day: "numeric" })}
        </span>
      </span>
      {items.map((item) => (
        <ItemLink
          key={item.key}
          item={item}
          tabIndex={current ? 0 : -1}
          className={cx("flex h-5 items-center gap-1 rounded-tag px-1.5 text-12", lookOf(item))}
        >
          <ItemIcon item={item} />
          <span className={cx("truncate font-medium", item.over && "line-through")}>
            {item.title}
          </span>
        </ItemLink>
      ))}
    </div>
  );
}

function Draft({ span }: { span: Span }) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-x-1 rounded-tag bg-accent-tint shadow-[inset_0_0_0_1px_var(--accent)]"
      style={{
        top: (minutesOf(span.start) / 60) * HOUR,
        height: (wallBetween(span.start, span.end) / 60) * HOUR,
      }}
    />
  );
}

function NowLine() {
  const [at, setAt] = useState(() => minutesOf(localOf(new Date().toISOString())));
  useEffect(() => {
    const timer = setInterval(() => setAt(minutesOf(localOf(new Date().toISOString()))), 60_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-x-0 z-[5] h-px bg-danger"
      style={{ top: (at / 60) * HOUR }}
    >
      <span className="absolute -left-1 -top-[3px] size-[7px] rounded-full bg-danger" />
    </span>
  );
}

function snap(minutes: number): number {
  return Math.round(minutes / SNAP) * SNAP;
}

/** From the quarter pressed on to the quarter let go at, in either direction. */
function drawn(origin: string, here: string): Span {
  const day = origin.slice(0, 10);
  const from = Math.floor(minutesOf(origin) / SNAP) * SNAP;
  const to = from + snap(wallBetween(origin, here));
  const [first, last] = to < from ? [to, from] : [from, Math.max(to, from + SNAP)];
  return { start: wallAt(day, Math.max(0, first)), end: wallAt(day, Math.min(1440, last)) };
}

/** The wall-clock time under a point. */
function locateIn(
  columns: HTMLElement | null,
  days: readonly string[],
  { x, y }: Point,
): string | null {
  const box = columns?.getBoundingClientRect();
  if (!box || box.width === 0) return null;
  const at = Math.floor(((x - box.left) / box.width) * days.length);
  const day = days[Math.min(days.length - 1, Math.max(0, at))];
  const minute = Math.min(1439, Math.max(0, Math.round(((y - box.top) / HOUR) * 60)));
  return day ? wallAt(day, minute) : null;
}
