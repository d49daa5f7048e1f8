/** A month of weeks. One Tab stop on the day one is on, arrows lead to the others. */
import { useLingui } from "@lingui/react/macro";
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { GridProps } from "@/engine/calendar/grid-props";
import { clock, ItemIcon, ItemLink, lookOf } from "@/engine/calendar/item-link";
import { type CalendarItem, lastDay, linesOf, onDay } from "@/engine/calendar/items";
import { toDay } from "@/engine/calendar/use-changes";
import { type Point, useDrag } from "@/engine/calendar/use-drag";
import { cx } from "@/lib/cx";
import { formatDay, today } from "@/lib/format";
import { Popover } from "@/ui/popover";

const LINE = 22;
const HEAD = 30;

export function MonthGrid({ place, items, onChange, onCreate, onKeyDown }: GridProps) {
  const { t } = useLingui();
  const grid = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<string | null>(null);
  const weeks = Array.from({ length: place.days.length / 7 }, (_, at) =>
    place.days.slice(at * 7, at * 7 + 7),
  );
  const room = useRoom(grid, weeks.length);
  const dayAt = ({ x, y }: Point) => dayUnder(grid.current, x, y);
  const drag = useDrag<CalendarItem>({
    preview: (_, at) => setTarget(dayAt(at)),
    drop: (item, at, from) => {
      setTarget(null);
      const [day, origin] = [dayAt(at), dayAt(from)];
      if (day && origin) onChange(item, toDay(item, origin, day));
    },
    cancel: () => setTarget(null),
  });
  return (
    <div className="flex min-h-0 grow flex-col">
      <div
        aria-hidden
        className="grid shrink-0 grid-cols-7 border-b border-line text-12 text-muted"
      >
        {weeks[0]?.map((day) => (
          <span key={day} className="px-2 py-1.5 text-right">
            {formatDay(day, { weekday: "short" })}
          </span>
        ))}
      </div>
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label={t`Month`}
        onKeyDown={onKeyDown}
        className={cx("grid min-h-0 grow auto-rows-fr", drag.dragging && "cursor-grabbing")}
      >
        {weeks.map((week) => {
          const lines = linesOf(week, items);
          return (
            <div
              key={week[0]}
              role="row"
              tabIndex={-1}
              className="grid min-h-0 grid-cols-[repeat(7,minmax(0,1fr))]"
            >
              {week.map((day) => (
                <DayCell
                  key={day}
                  day={day}
                  week={week}
                  lines={lines.get(day) ?? []}
                  items={items}
                  room={room}
                  place={place}
                  over={target === day}
                  onCreate={onCreate}
                  onDragStart={drag.start}
                />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

type CellProps = Pick<GridProps, "place" | "items" | "onCreate"> & {
  day: string;
  week: readonly string[];
  lines: readonly (CalendarItem | null)[];
  room: number;
  over: boolean;
  onDragStart: (event: PointerEvent, item: CalendarItem) => void;
};

function DayCell({ day, week, lines, items, room, place, over, onCreate, onDragStart }: CellProps) {
  const current = place.day === day;
  const now = day === today();
  const outside = day.slice(0, 7) !== place.day.slice(0, 7);
  const fits = lines.length <= room ? lines.length : Math.max(0, room - 1);
  const hidden = lines.slice(fits).filter((item) => item !== null).length;
  return (
    <div
      role="gridcell"
      data-day={day}
      tabIndex={current ? 0 : -1}
      aria-selected={current}
      onClick={(event) => {
        if (event.target === event.currentTarget) onCreate(day, null);
      }}
      onKeyDown={() => undefined}
      className={cx(
        "relative flex min-h-0 min-w-0 flex-col gap-0.5 overflow-hidden border-b border-r border-line pb-1 outline-offset-[-2px] last:border-r-0",
        outside && "bg-side",
        over && "bg-accent-tint",
      )}
    >
      <span className="sr-only">{formatDay(day, { dateStyle: "full" })}</span>
      <span
        aria-hidden
        className="pointer-events-none flex h-7 shrink-0 items-center justify-end px-1.5 pt-0.5 text-12"
      >
        <span
          className={cx(
            "inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1",
            now ? "bg-accent font-semibold text-accent-fg" : outside ? "text-faint" : "text-muted",
            current && !now && "bg-active text-fg",
          )}
        >
          {formatDay(day, { day: "numeric" })}
        </span>
      </span>
      {lines
        .slice(0, fits)
        .map((item, line) =>
          item ? (
            <Bar
              key={item.key}
              item={item}
              day={day}
              week={week}
              tabIndex={current ? 0 : -1}
              onDragStart={onDragStart}
            />
          ) : (
            <span key={`free-${line}`} aria-hidden className="pointer-events-none h-5 shrink-0" />
          ),
        )}
      {hidden > 0 && <More day={day} count={hidden} items={items} tabIndex={current ? 0 : -1} />}
    </div>
  );
}

function Bar({
  item,
  day,
  week,
  tabIndex,
  onDragStart,
}: {
  item: CalendarItem;
  day: string;
  week: readonly string[];
  tabIndex: number;
  onDragStart: CellProps["onDragStart"];
}) {
  const first = item.start.slice(0, 10) === day;
  const last = lastDay(item) === day;
  const titled = first || week[0] === day;
  return (
    <ItemLink
      item={item}
      tabIndex={titled ? tabIndex : -1}
      {...(item.movable
        ? { onPointerDown: (event: PointerEvent) => onDragStart(event, item) }
        : {})}
      className={cx(
        "flex h-5 min-w-0 shrink-0 items-center gap-1 px-1.5 text-12",
        lookOf(item),
        first ? "ml-1 rounded-l-tag" : "rounded-l-none",
        last ? "mr-1 rounded-r-tag" : "rounded-r-none",
      )}
    >
      {titled && (
        <>
          <ItemIcon item={item} />
          <span className={cx("min-w-0 grow truncate font-medium", item.over && "line-through")}>
            {item.title}
          </span>
          {first && !item.wholeDay && (
            <span aria-hidden className="shrink-0 text-11 max-xl:hidden">
              {clock(item.start)}
            </span>
          )}
        </>
      )}
    </ItemLink>
  );
}

function More({
  day,
  count,
  items,
  tabIndex,
}: {
  day: string;
  count: number;
  items: readonly CalendarItem[];
  tabIndex: number;
}) {
  const { t } = useLingui();
  return (
    <Popover
      label={formatDay(day, { dateStyle: "full" })}
      trigger={
        <button
          type="button"
          tabIndex={tabIndex}
          className="mx-1 h-5 shrink-0 rounded-tag px-1.5 text-left text-12 font-medium text-muted hover:bg-hover hover:text-fg"
        >
          {t`${count} more`}
        </button>
      }
    >
      <div className="w-64 p-2">
        <p className="px-1 pb-1.5 font-semibold">
          {formatDay(day, { weekday: "long", day: "numeric", month: "long" })}
        </p>
        <DayList items={onDay(items, day)} />
      </div>
    </Popover>
  );
}

/** The things of one day, one under the other. */
export function DayList({ items }: { items: readonly CalendarItem[] }) {
  const { t } = useLingui();
  return (
    <ul className="grid grid-cols-[minmax(0,1fr)] gap-1">
      {items.map((item) => (
        <li key={item.key}>
          <ItemLink
            item={item}
            className={cx(
              "flex min-h-7 items-center gap-2 rounded-control px-2 coarse:min-h-11",
              lookOf(item),
            )}
          >
            <ItemIcon item={item} size={14} />
            <span className={cx("min-w-0 grow truncate font-medium", item.over && "line-through")}>
              {item.title}
            </span>
            <span aria-hidden className="shrink-0 text-12">
              {item.wholeDay ? t`all day` : clock(item.start)}
            </span>
          </ItemLink>
        </li>
      ))}
    </ul>
  );
}

function dayUnder(grid: HTMLElement | null, x: number, y: number): string | null {
  for (const cell of grid?.querySelectorAll<HTMLElement>("[data-day]") ?? []) {
    const box = cell.getBoundingClientRect();
    if (x >= box.left && x < box.right && y >= box.top && y < box.bottom)
      return cell.dataset.day ?? null;
  }
  return null;
}

/** How many lines a day has room for. */
function useRoom(grid: RefObject<HTMLElement | null>, weeks: number): number {
  const [room, setRoom] = useState(4);
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setRoom(Math.max(1, Math.floor((element.clientHeight / weeks - HEAD - 2) / LINE)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [grid, weeks]);
  return room;
}
