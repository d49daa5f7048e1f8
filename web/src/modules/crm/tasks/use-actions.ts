/** What is done to a task from the list. Everything can be undone. */
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { useWrites } from "@/engine/writes";
import { dueText } from "@/modules/crm/tasks/due-text";

export type TaskActions = {
  complete: (task: Doc, done: boolean) => void;
  rename: (task: Doc, title: string) => void;
  setDue: (task: Doc, due: string | null) => void;
  setPriority: (task: Doc, priority: string) => void;
};

export function useActions(definition: Definition): TaskActions {
  const { t } = useLingui();
  const writes = useWrites(definition);
  return useMemo(() => {
    // `writes` has said why, and what was shown is taken back.
    const change = (task: Doc, patch: Record<string, unknown>, message: string) =>
      void writes.update(task, patch, { message }).catch(() => undefined);
    return {
      complete: (task, done) =>
        change(task, { status: done ? "done" : "open" }, done ? t`Task done` : t`Task reopened`),
      rename: (task, title) => change(task, { title }, t`Renamed`),
      setDue: (task, dueAt) => {
        const when = dueAt ? dueText(dueAt) : "";
        change(task, { dueAt }, when ? t`Due: ${when}` : t`No date any more`);
      },
      setPriority: (task, priority) => change(task, { priority }, t`Priority changed`),
    };
  }, [writes, t]);
}
