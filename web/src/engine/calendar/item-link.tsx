/** Something in a calendar: an appointment filled with its hue, a task outlined with a box. */
import { useLingui } from "@lingui/react/macro";
import { CircleCheck } from "lucide-react";
import type { CSSProperties, MouseEvent, PointerEvent, ReactNode } from "react";
import { Link } from "react-router";
import type { CalendarItem } from "@/engine/calendar/items";
import { useOpenRecord, useRecordPath } from "@/engine/record-link";
import { cx } from "@/lib/cx";
import { formatInstant, instantOf } from "@/lib/format";
import { label } from "@/lib/i18n";

const CLOCK: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

export function clock(local: string): string {
  return formatInstant(instantOf(local), CLOCK);
}

/** "09:00 – 10:30" */
export function clockSpan({ start, end }: Pick<CalendarItem, "start" | "end">): string {
  return end > start ? `${clock(start)} – ${clock(end)}` : clock(start);
}

export function ItemLink({
  item,
  tabIndex,
  className,
  style,
  onPointerDown,
  children,
}: {
  item: CalendarItem;
  tabIndex?: number;
  className?: string;
  style?: CSSProperties;
  onPointerDown?: (event: PointerEvent) => void;
  children: ReactNode;
}) {
  const { t } = useLingui();
  const { source, doc, title } = item;
  const slug = source.definition.slug;
  const open = useOpenRecord();
  const to = useRecordPath()(slug, doc.id);
  const what = label(source.definition.labels.singular);
  const when = item.wholeDay ? t`all day` : clockSpan(item);
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(slug, doc.id);
  };
  return (
    <Link
      to={to}
      data-item={item.key}
      draggable={false}
      onClick={onClick}
      onPointerDown={onPointerDown}
      title={`${title} · ${when}`}
      style={{ "--hue": source.hue, ...style } as CSSProperties}
      className={cx("relative select-none", className)}
      {...(tabIndex === undefined ? {} : { tabIndex })}
    >
      <span className="sr-only">{`${what}: `}</span>
      {children}
      <span className="sr-only">{`, ${when}`}</span>
    </Link>
  );
}

/** How a source is told from another without its color. */
export function ItemIcon({ item, size = 12 }: { item: CalendarItem; size?: number }) {
  const { source, over } = item;
  const Icon = over ? CircleCheck : source.icon;
  return <Icon size={size} aria-hidden className="shrink-0" />;
}

/** Things with an end fill their time; things that are only due are outlined; what is over steps back. */
export function lookOf(item: CalendarItem): string {
  if (item.over) return "bg-hover text-muted";
  return item.source.end ? "tint" : "bg-raise text-fg shadow-[inset_0_0_0_1px_var(--edge)]";
}
