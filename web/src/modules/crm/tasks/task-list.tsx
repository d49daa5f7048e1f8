/** The sections of the page and their rows. */
import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useCallback, useRef } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { RecordLink } from "@/engine/record-link";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";
import { contactName, type NOBODY, type Section, type When } from "@/modules/crm/tasks/sections";
import { TaskRow } from "@/modules/crm/tasks/task-row";
import type { TaskActions } from "@/modules/crm/tasks/use-actions";
import { useRowKeys } from "@/modules/crm/tasks/use-row-keys";
import type { Grouping } from "@/modules/crm/tasks/use-tasks";
import { Avatar } from "@/ui/avatar";

export const DONE = "done";

export function TaskList({
  sections,
  grouping,
  definition,
  actions,
  children,
}: {
  sections: readonly Section[];
  grouping: Grouping;
  definition: Definition;
  actions: TaskActions;
  children?: ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);
  const tasks: Doc[] = sections.flatMap((section) => section.tasks);
  const { current, mode, setChosen, onMode, onKeyDown } = useRowKeys({
    tasks,
    list,
    actions,
    writable: definition.permissions.update,
  });
  const latest = useRef(onMode);
  latest.current = onMode;
  const stableMode = useCallback<typeof onMode>((id, next) => latest.current(id, next), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move among the links inside
    <div ref={list} onKeyDown={onKeyDown} className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {sections.map((section) => (
        <section key={section.key} aria-labelledby={`tasks-${section.key}`}>
          <Heading section={section} grouping={grouping} />
          <ul>
            {section.tasks.map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                definition={definition}
                actions={actions}
                current={task.id === current}
                mode={mode?.id === task.id ? mode.mode : "plain"}
                showContact={grouping === "time" || section.key === DONE}
                onMode={stableMode}
                onFocus={setChosen}
              />
            ))}
          </ul>
        </section>
      ))}
      {children}
    </div>
  );
}

function Heading({ section, grouping }: { section: Section; grouping: Grouping }) {
  const { t } = useLingui();
  const names: Record<When | typeof DONE | typeof NOBODY, string> = {
    overdue: t`Overdue`,
    today: t`Today`,
    tomorrow: t`Tomorrow`,
    week: t`This week`,
    later: t`Later`,
    none: t`No date`,
    done: t`Done`,
    nobody: t`About nobody in particular`,
  };
  const name = contactName(section) || names[section.key as keyof typeof names];
  const id = `tasks-${section.key}`;
  return (
    <h2
      id={id}
      className={cx(
        "sticky top-0 z-[2] flex h-8 items-center gap-2 bg-bg px-2 text-12 font-semibold",
        section.key === "overdue" ? "text-danger" : "text-fg",
      )}
    >
      {grouping === "contact" && section.contact && <Avatar name={name} size={20} />}
      {section.contact ? (
        <RecordLink slug="contacts" id={section.contact.id} className="rounded-tag hover:underline">
          {name}
        </RecordLink>
      ) : (
        name
      )}
      <span className="font-normal text-faint">{formatNumber(section.tasks.length)}</span>
    </h2>
  );
}
