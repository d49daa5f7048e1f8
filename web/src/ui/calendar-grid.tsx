/** A month of days to choose from: one Tab stop, arrows inside. */
import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { addDays, addMonths, range, weekStart } from "@/lib/days";
import { formatDay, locale, today } from "@/lib/format";
import { IconButton } from "@/ui/button";

/** 1 (Monday) to 7 (Sunday): the day a week begins with where the viewer's language is spoken. */
export function firstWeekday(): number {
  const info = new Intl.Locale(locale()) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return info.getWeekInfo?.().firstDay ?? info.weekInfo?.firstDay ?? 1;
}

/** Six weeks of days around a month. */
function daysOf(month: string): string[] {
  return range(weekStart(`${month.slice(0, 7)}-01`, firstWeekday()), 42);
}

const STEPS: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

export function CalendarGrid({
  value,
  onChange,
  autoFocus = false,
}: {
  value: string | null;
  onChange: (day: string) => void;
  autoFocus?: boolean;
}) {
  const { t } = useLingui();
  const [cursor, setCursor] = useState(value ?? today());
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(autoFocus);
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${cursor}"]`)?.focus();
  }, [cursor]);
  const days = daysOf(cursor);
  const weeks = Array.from({ length: 6 }, (_, at) => days.slice(at * 7, at * 7 + 7));
  const now = today();
  const turn = (months: number) => {
    moved.current = false;
    setCursor(addMonths(cursor, months));
  };
  return (
    <div className="w-[248px] p-2 phone:mx-auto phone:w-full phone:max-w-[400px]">
      <div className="flex items-center pb-1">
        <span className="grow pl-2 font-semibold" aria-live="polite">
          {formatDay(cursor, { month: "long", year: "numeric" })}
        </span>
        <IconButton label={t`Previous month`} bare size="sm" onClick={() => turn(-1)}>
          <ChevronLeft size={15} />
        </IconButton>
        <IconButton label={t`Next month`} bare size="sm" onClick={() => turn(1)}>
          <ChevronRight size={15} />
        </IconButton>
      </div>
      <table ref={grid} role="grid" aria-label={t`Days`} className="w-full">
        <thead>
          <tr>
            {(weeks[0] ?? []).map((day) => (
              <th key={day} scope="col" className="h-7 text-11 font-medium text-faint">
                <abbr title={formatDay(day, { weekday: "long" })} className="no-underline">
                  {formatDay(day, { weekday: "narrow" })}
                </abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td
                  key={day}
                  role="gridcell"
                  aria-selected={day === value}
                  className="p-0 text-center"
                >
                  <button
                    type="button"
                    data-day={day}
                    tabIndex={day === cursor ? 0 : -1}
                    aria-label={formatDay(day, { dateStyle: "full" })}
                    aria-current={day === now ? "date" : undefined}
                    onClick={() => onChange(day)}
                    onKeyDown={(event) => {
                      const step = STEPS[event.key];
                      if (!step) return;
                      event.preventDefault();
                      moved.current = true;
                      setCursor(step(day));
                    }}
                    className={cx(
                      "size-8 rounded-control text-12 hover:bg-hover dark:hover:bg-active phone:h-11 phone:w-full phone:text-14",
                      day.slice(0, 7) !== cursor.slice(0, 7) && "text-faint",
                      day === now && day !== value && "font-semibold text-accent-text",
                      day === value &&
                        "bg-accent font-semibold text-accent-fg hover:bg-accent-hover dark:hover:bg-accent-hover",
                    )}
                  >
                    {Number(day.slice(8, 10))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
