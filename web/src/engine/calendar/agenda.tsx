/** Day after day, only those with something on them. */
import { useLingui } from "@lingui/react/macro";
import { CalendarCheck } from "lucide-react";
import type { GridProps } from "@/engine/calendar/grid-props";
import { clock, clockSpan, ItemIcon, ItemLink } from "@/engine/calendar/item-link";
import { type CalendarItem, onDay } from "@/engine/calendar/items";
import { isDoc, titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { formatDay, today } from "@/lib/format";
import { EmptyState } from "@/ui/empty";

export function Agenda({ place, items }: Pick<GridProps, "place" | "items">) {
  const { t } = useLingui();
  const days = place.days
    .map((day) => ({ day, all: onDay(items, day) }))
    .filter(({ all }) => all.length > 0);
  if (days.length === 0) {
    return (
      <EmptyState
        icon={CalendarCheck}
        title={t`Nothing planned`}
        body={t`The next 30 days are free. What gets a date shows up here.`}
      />
    );
  }
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <ol className="mx-auto w-full max-w-[860px] px-4 pb-10 phone:px-3">
        {days.map(({ day, all }) => (
          <li
            key={day}
            className="grid grid-cols-[132px_minmax(0,1fr)] gap-4 border-b border-line py-3 last:border-b-0 phone:grid-cols-[minmax(0,1fr)] phone:gap-1"
          >
            <h2 className={cx("pt-1 font-semibold", day === today() && "text-accent-text")}>
              {day === today()
                ? t`Today`
                : formatDay(day, { weekday: "short", day: "numeric", month: "short" })}
            </h2>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
              {all.map((item) => (
                <li key={item.key}>
                  <Entry item={item} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Entry({ item }: { item: CalendarItem }) {
  const { t } = useLingui();
  const about = isDoc(item.doc.contact) ? item.doc.contact : item.doc.company;
  const place = typeof item.doc.location === "string" ? item.doc.location : "";
  const more = [isDoc(about) ? titleOf(undefined, about) : "", place].filter(Boolean).join(" · ");
  return (
    <ItemLink
      item={item}
      className="flex min-h-9 items-center gap-3 rounded-control px-2 hover:bg-hover coarse:min-h-11"
    >
      <span className="tint inline-flex size-6 shrink-0 items-center justify-center rounded-tag">
        <ItemIcon item={item} size={14} />
      </span>
      <span
        aria-hidden
        className="w-[118px] shrink-0 text-12 text-muted phone:w-auto phone:min-w-14"
      >
        {item.wholeDay ? t`all day` : <Hours item={item} />}
      </span>
      <span className="flex min-w-0 grow items-baseline gap-2 phone:flex-col phone:gap-0">
        <span
          className={cx("max-w-full truncate font-medium", item.over && "text-muted line-through")}
        >
          {item.title}
        </span>
        {more && <span className="max-w-full truncate text-12 text-muted">{more}</span>}
      </span>
    </ItemLink>
  );
}

function Hours({ item }: { item: CalendarItem }) {
  return (
    <>
      <span className="phone:hidden">{clockSpan(item)}</span>
      <span className="desk:hidden">{clock(item.start)}</span>
    </>
  );
}
