/** A month on a phone: dots say where something is, the day one touches is listed below. */
import { Plural, useLingui } from "@lingui/react/macro";
import type { CSSProperties } from "react";
import type { GridProps } from "@/engine/calendar/grid-props";
import { type CalendarItem, onDay } from "@/engine/calendar/items";
import { DayList } from "@/engine/calendar/month-grid";
import { cx } from "@/lib/cx";
import { addMonths } from "@/lib/days";
import { formatDay, today } from "@/lib/format";

const DOTS = 3;

export function PhoneMonth({ place, items, onKeyDown }: Omit<GridProps, "onChange" | "onCreate">) {
  const { t } = useLingui();
  const day = onDay(items, place.day);
  return (
    <div className="flex min-h-0 grow flex-col">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows move among the days inside */}
      <div
        onKeyDown={onKeyDown}
        className="grid shrink-0 grid-cols-7 border-b border-line px-1 pb-2"
      >
        {place.days.slice(0, 7).map((each) => (
          <span key={each} aria-hidden className="py-1 text-center text-11 text-faint">
            {formatDay(each, { weekday: "narrow" })}
          </span>
        ))}
        {place.days.map((each) => (
          <Day key={each} day={each} place={place} items={onDay(items, each)} />
        ))}
      </div>
      <div className="min-h-0 grow overflow-y-auto p-3">
        <h2 className="pb-2 font-semibold">
          {formatDay(place.day, { weekday: "long", day: "numeric", month: "long" })}
        </h2>
        {day.length > 0 ? (
          <DayList items={day} />
        ) : (
          <p className="text-muted">{t`Nothing on this day.`}</p>
        )}
      </div>
    </div>
  );
}

function Day({
  day,
  place,
  items,
}: {
  day: string;
  place: GridProps["place"];
  items: readonly CalendarItem[];
}) {
  const current = day === place.day;
  const outside =
    day < `${place.day.slice(0, 7)}-01` || day >= addMonths(`${place.day.slice(0, 7)}-01`, 1);
  return (
    <button
      type="button"
      data-day={day}
      aria-pressed={current}
      onClick={() => place.go({ day })}
      className="flex h-12 flex-col items-center justify-center gap-1 rounded-control"
    >
      <span
        className={cx(
          "inline-flex size-7 items-center justify-center rounded-full",
          day === today()
            ? "bg-accent font-semibold text-accent-fg"
            : outside
              ? "text-faint"
              : "text-fg",
          current && day !== today() && "bg-active font-semibold",
        )}
      >
        {formatDay(day, { day: "numeric" })}
      </span>
      <span aria-hidden className="flex h-1.5 gap-0.5">
        {items.slice(0, DOTS).map((item) => (
          <span
            key={item.key}
            style={{ "--hue": item.source.hue } as CSSProperties}
            className="dot size-1.5 rounded-full"
          />
        ))}
      </span>
      {items.length > 0 && (
        <span className="sr-only">
          <Plural value={items.length} one="# entry" other="# entries" />
        </span>
      )}
    </button>
  );
}
