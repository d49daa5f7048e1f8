/** My day: what is late, what is due, what can wait; one line to add more. */
import { useLingui } from "@lingui/react/macro";
import { ListChecks, Plus } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { openCreate } from "@/engine/record/create-dialog";
import { useDefinition, useSession } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { formatNumber } from "@/lib/format";
import { type Command, useCommands } from "@/lib/keyboard";
import { Problem } from "@/lib/problem";
import { QuickAdd } from "@/modules/crm/tasks/quick-add";
import { byContact, byTime } from "@/modules/crm/tasks/sections";
import { TaskFilters } from "@/modules/crm/tasks/task-filters";
import { DONE, TaskList } from "@/modules/crm/tasks/task-list";
import { useActions } from "@/modules/crm/tasks/use-actions";
import { type TaskView, useTasks, useTaskView } from "@/modules/crm/tasks/use-tasks";
import { Button } from "@/ui/button";
import { firstWeekday } from "@/ui/calendar-grid";
import { EmptyState, ErrorState } from "@/ui/empty";
import { PageHeader } from "@/ui/page-header";
import { Skeleton } from "@/ui/skeleton";

export function Component() {
  const definition = useDefinition("tasks");
  if (!definition?.permissions.read) {
    return <ErrorState error={new Problem("forbidden", "Tasks are not part of this role.")} />;
  }
  return <TasksPage definition={definition} />;
}

/** Now, renewed each minute: a task becomes overdue while one looks at it. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function TasksPage({ definition }: { definition: Definition }) {
  const { t } = useLingui();
  const { user } = useSession();
  const view = useTaskView();
  const writes = useWrites(definition);
  const actions = useActions(definition);
  const add = useRef<HTMLInputElement>(null);
  const now = useNow();
  const { open, tasks, total, finished } = useTasks(definition, view);
  const sections = useMemo(() => {
    const groups =
      view.grouping === "contact" ? byContact(tasks) : byTime(tasks, now, firstWeekday());
    const done = view.done ? (finished.data?.docs ?? []) : [];
    return done.length > 0 ? [...groups, { key: DONE, tasks: done }] : groups;
  }, [tasks, finished.data, view.grouping, view.done, now]);
  const mayCreate = definition.permissions.create;
  const quickly: Command = {
    id: "tasks.add",
    title: t`Add a task quickly`,
    group: t`Tasks`,
    keys: "a",
    run: () => add.current?.focus(),
  };
  // Here rather than with the rows: an empty list needs it most.
  useCommands(mayCreate ? [quickly] : []);
  const assignee = view.whose === "me" || view.whose === "all" ? user.id : view.whose;
  return (
    <>
      <PageHeader
        title={t`Tasks`}
        count={total === undefined ? undefined : t`${formatNumber(total)} open`}
        below={<TaskFilters view={view} />}
      >
        {mayCreate && (
          <Button
            variant="primary"
            className="phone:w-11"
            icon={<Plus size={15} />}
            onClick={() => openCreate("tasks", { assignee })}
          >
            <span className="phone:sr-only">{t`New task`}</span>
          </Button>
        )}
      </PageHeader>
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto w-full max-w-[920px] px-4 pb-16 pt-4 phone:px-2 phone:pt-2">
          {mayCreate && <QuickAdd ref={add} writes={writes} assignee={assignee} />}
          <div className="mt-4">
            {open.isPending ? (
              <Waiting />
            ) : open.isError && tasks.length === 0 ? (
              <ErrorState error={open.error} onRetry={() => void open.refetch()} />
            ) : sections.length === 0 ? (
              <Nothing view={view} />
            ) : (
              <TaskList
                sections={sections}
                grouping={view.grouping}
                definition={definition}
                actions={actions}
              >
                {open.hasNextPage && (
                  <Button
                    className="justify-self-center"
                    pending={open.isFetchingNextPage}
                    onClick={() => void open.fetchNextPage()}
                  >
                    {t`Show more`}
                  </Button>
                )}
              </TaskList>
            )}
          </div>
        </div>
      </div>
    </>
  );
}

function Nothing({ view }: { view: TaskView }) {
  const { t } = useLingui();
  const mine = view.whose === "me";
  return (
    <EmptyState
      icon={ListChecks}
      title={mine ? t`Nothing to do` : t`No open tasks`}
      body={
        mine
          ? t`Write what comes next in the line above, with its date: “send the offer friday 10am”.`
          : t`Nobody has anything left to do here.`
      }
      action={
        view.whose !== "all" && (
          <Button onClick={() => view.change({ whose: "all" })}>{t`Show everyone’s tasks`}</Button>
        )
      }
    />
  );
}

function Waiting() {
  return (
    <div className="grid gap-2" aria-busy="true">
      {Array.from({ length: 8 }, (_, at) => (
        <Skeleton key={at} className="h-8 w-full" />
      ))}
    </div>
  );
}
