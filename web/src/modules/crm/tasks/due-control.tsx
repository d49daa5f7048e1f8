/** When a task is due: shown, put off, changed or removed in one place. */
import { useLingui } from "@lingui/react/macro";
import {
  AlertCircle,
  CalendarDays,
  CalendarOff,
  CalendarPlus,
  Clock3,
  Sunrise,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Doc } from "@/engine/definitions";
import { cx } from "@/lib/cx";
import { dayOf, instantOf, localOf } from "@/lib/format";
import { dueDay, dueText, dueTime } from "@/modules/crm/tasks/due-text";
import { dayEnd, isWholeDay } from "@/modules/crm/tasks/natural";
import { dueOf, isDone, snoozed } from "@/modules/crm/tasks/sections";
import { CalendarGrid } from "@/ui/calendar-grid";
import { Input } from "@/ui/field";
import { Popover } from "@/ui/popover";

export type DueProps = {
  task: Doc;
  writable: boolean;
  tabIndex: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (due: string | null) => void;
};

export function DueControl(props: DueProps) {
  const { t } = useLingui();
  const { task, writable, open, onOpenChange } = props;
  const due = dueOf(task);
  const late = due !== null && !isDone(task) && Date.parse(due) < Date.now();
  const face = due ? (
    <span className={cx("flex items-center gap-1", late && "font-medium text-danger")}>
      {late && <AlertCircle size={13} aria-hidden />}
      {late && <span className="sr-only">{t`Overdue`}</span>}
      <span>
        {dueDay(due)}
        {dueTime(due) && <span className="phone:hidden">{`, ${dueTime(due)}`}</span>}
      </span>
    </span>
  ) : (
    <span className="flex items-center gap-1 text-faint">
      <CalendarPlus size={14} aria-hidden />
      <span aria-hidden className="phone:hidden">{t`Date`}</span>
    </span>
  );
  if (!writable) return <span className="text-12 text-muted">{due && face}</span>;
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      align="end"
      label={t`When`}
      trigger={
        <button
          type="button"
          tabIndex={props.tabIndex}
          className="relative flex h-7 items-center rounded-control px-1.5 text-12 text-muted hover:bg-active coarse:h-11"
        >
          <span className="sr-only">{due ? t`Due` : t`Set a date`}</span>
          {face}
        </button>
      }
    >
      <Choices {...props} due={due} />
    </Popover>
  );
}

function Choices({ due, onChange, onOpenChange }: DueProps & { due: string | null }) {
  const { t } = useLingui();
  const now = new Date();
  const choose = (next: string | null) => {
    onOpenChange(false);
    onChange(next);
  };
  const later = snoozed(due, "later", now);
  const timed = due !== null && !isWholeDay(due);
  return (
    <div className="w-[264px] phone:w-[300px]">
      <div className="grid p-1">
        {later && (
          <Choice icon={<Clock3 size={15} />} hint={dueText(later)} onClick={() => choose(later)}>
            {t`Later today`}
          </Choice>
        )}
        <Choice
          icon={<Sunrise size={15} />}
          hint=""
          onClick={() => choose(snoozed(due, "tomorrow", now))}
        >
          {t`Tomorrow`}
        </Choice>
        <Choice
          icon={<CalendarDays size={15} />}
          hint=""
          onClick={() => choose(snoozed(due, "week", now))}
        >
          {t`Next week`}
        </Choice>
        {due && (
          <Choice icon={<CalendarOff size={15} />} hint="" onClick={() => choose(null)}>
            {t`No date`}
          </Choice>
        )}
      </div>
      <div className="border-t border-line">
        <CalendarGrid
          value={due ? dayOf(due) : null}
          onChange={(day) =>
            choose(timed ? instantOf(`${day}T${localOf(due).slice(11)}`) : dayEnd(day))
          }
        />
      </div>
      <div className="flex items-center gap-2 border-t border-line p-2 text-12 text-muted">
        <span aria-hidden>{t`Time`}</span>
        <Input
          dense
          type="time"
          aria-label={t`Time`}
          value={timed ? localOf(due).slice(11) : ""}
          onChange={(event) => {
            const day = due ? dayOf(due) : dayOf(now);
            const time = event.target.value;
            onChange(time ? instantOf(`${day}T${time}`) : dayEnd(day));
          }}
        />
      </div>
    </div>
  );
}

function Choice({
  icon,
  hint,
  onClick,
  children,
}: {
  icon: ReactNode;
  hint: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex h-8 items-center gap-2.5 rounded-[6px] px-2 text-left outline-none hover:bg-hover focus-visible:bg-hover coarse:h-11"
    >
      <span className="text-muted">{icon}</span>
      <span className="grow">{children}</span>
      <span className="text-12 text-faint">{hint}</span>
    </button>
  );
}
