/** Something with an hour, as tall as it lasts, with a foot to stretch it by. */
import type { PointerEvent } from "react";
import { clockSpan, ItemIcon, ItemLink, lookOf } from "@/engine/calendar/item-link";
import { minutesOf, type Slot, wallBetween } from "@/engine/calendar/items";
import { cx } from "@/lib/cx";

/** Height of an hour. */
export const HOUR = 48;
const LEAST = 22;
/** From this height on there is room for the hours too. */
const TALL = 40;

export function WeekItem({
  slot: { item, lane, lanes },
  day,
  tabIndex,
  moving,
  onMoveStart,
  onStretchStart,
}: {
  slot: Slot;
  day: string;
  tabIndex: number;
  moving: boolean;
  onMoveStart: (event: PointerEvent) => void;
  onStretchStart: (event: PointerEvent) => void;
}) {
  // What began yesterday fills this day from its beginning.
  const start = item.start < `${day}T00:00` ? `${day}T00:00` : item.start;
  const end = item.end > `${day}T23:59` ? `${day}T23:59` : item.end;
  const top = (minutesOf(start) / 60) * HOUR;
  const height = Math.max(LEAST, (Math.max(0, wallBetween(start, end)) / 60) * HOUR - 2);
  const tall = height >= TALL;
  const stretches = item.movable && item.source.end !== undefined && item.end > item.start;
  return (
    <div
      className={cx("absolute pr-1", moving ? "z-[6]" : "hover:z-[4] focus-within:z-[4]")}
      style={{
        top,
        height,
        left: `calc(${(lane / lanes) * 100}% + 2px)`,
        width: `${100 / lanes}%`,
      }}
    >
      <ItemLink
        item={item}
        tabIndex={tabIndex}
        {...(item.movable ? { onPointerDown: onMoveStart } : { onPointerDown: keep })}
        className={cx(
          "flex h-full min-w-0 gap-1 overflow-hidden rounded-tag px-1.5 text-12 leading-4 ring-1 ring-bg",
          tall ? "flex-col py-1" : "items-center",
          lookOf(item),
          moving && "shadow-pop",
        )}
      >
        <span className="flex min-w-0 items-center gap-1">
          <ItemIcon item={item} />
          <span className={cx("truncate font-medium", item.over && "line-through")}>
            {item.title}
          </span>
        </span>
        {tall && (
          <span aria-hidden className="truncate text-11">
            {clockSpan(item)}
          </span>
        )}
      </ItemLink>
      {stretches && (
        <span
          aria-hidden
          onPointerDown={onStretchStart}
          className="absolute inset-x-1 bottom-0 h-1.5 cursor-ns-resize"
        />
      )}
    </div>
  );
}

/** Nothing is drawn from what may not be moved. */
function keep(event: PointerEvent): void {
  event.stopPropagation();
}
