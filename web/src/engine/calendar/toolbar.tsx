/** Where in time the calendar is, and the ways to go elsewhere. */
import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight, SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import type { Mode, Place } from "@/engine/calendar/use-place";
import { formatDay } from "@/lib/format";
import { Button, IconButton } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { Segmented } from "@/ui/segmented";

export function Toolbar({
  place,
  today,
  phone,
  children,
}: {
  place: Place;
  today: string;
  phone: boolean;
  /** What is shown and what is not. */
  children?: ReactNode;
}) {
  const { t } = useLingui();
  const modes: { value: Mode; label: string }[] = [
    { value: "month", label: t`Month` },
    { value: "week", label: phone ? t`Days` : t`Week` },
    { value: "agenda", label: t`Agenda` },
  ];
  const mode = (
    <Segmented
      label={t`Calendar view`}
      value={place.mode}
      options={modes}
      onChange={(next) => place.go({ mode: next })}
    />
  );
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2 phone:gap-1 phone:px-3 phone:py-1">
      <Button onClick={() => place.go({ day: today })}>{t`Today`}</Button>
      <span className="flex">
        <IconButton label={t`Previous`} shortcut="p" onClick={() => place.turn(-1)}>
          <ChevronLeft size={16} />
        </IconButton>
        <IconButton label={t`Next`} shortcut="n" onClick={() => place.turn(1)}>
          <ChevronRight size={16} />
        </IconButton>
      </span>
      <h2
        aria-live="polite"
        className="min-w-0 grow truncate text-14 font-semibold first-letter:uppercase"
      >
        {titleOf(place, phone)}
      </h2>
      {phone && children && (
        <Popover
          align="end"
          label={t`What is shown`}
          trigger={
            <IconButton bare label={t`What is shown`}>
              <SlidersHorizontal size={16} />
            </IconButton>
          }
        >
          <div className="grid w-56 gap-2 p-3">{children}</div>
        </Popover>
      )}
      {!phone && children}
      {phone ? <div className="grid w-full pb-1">{mode}</div> : mode}
    </div>
  );
}

function titleOf({ mode, day, days }: Place, phone: boolean): string {
  if (mode === "month") {
    return formatDay(day, { month: phone ? "short" : "long", year: "numeric" });
  }
  const short = { day: "numeric", month: "short" } as const;
  const [first, last] = [days[0] ?? day, days.at(-1) ?? day];
  const year = phone ? {} : ({ year: "numeric" } as const);
  return `${formatDay(first, short)} – ${formatDay(last, { ...short, ...year })}`;
}
