/** The keyboard on the list of tasks: j and k between rows, x, e and s on the row one is on. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, type RefObject, useState } from "react";
import type { Doc } from "@/engine/definitions";
import { type Command, useCommands } from "@/lib/keyboard";
import { isDone } from "@/modules/crm/tasks/sections";
import type { RowMode } from "@/modules/crm/tasks/task-row";
import type { TaskActions } from "@/modules/crm/tasks/use-actions";

export function useRowKeys(given: {
  tasks: readonly Doc[];
  list: RefObject<HTMLElement | null>;
  actions: TaskActions;
  writable: boolean;
}) {
  const { t } = useLingui();
  const { tasks, list, actions, writable } = given;
  const [chosen, setChosen] = useState<string | null>(null);
  const [mode, setMode] = useState<{ id: string; mode: RowMode } | null>(null);
  const current = tasks.find((task) => task.id === chosen) ?? tasks[0];

  const focus = (id: string) => {
    setChosen(id);
    const link = list.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"] a`);
    link?.focus();
    link?.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  const step = (count: number) => {
    const inside = list.current?.contains(document.activeElement) ?? false;
    const at = tasks.findIndex((task) => task.id === current?.id);
    const next = inside ? tasks[Math.min(tasks.length - 1, Math.max(0, at + count))] : current;
    if (next) focus(next.id);
  };
  const onMode = (id: string, next: RowMode) => {
    setMode(next === "plain" ? null : { id, mode: next });
    // The field that had the focus is gone: the row takes it back.
    if (next === "plain") requestAnimationFrame(() => focus(id));
  };
  const complete = () => {
    if (!current) return;
    const at = tasks.indexOf(current);
    actions.complete(current, !isDone(current));
    const next = tasks[at + 1] ?? tasks[at - 1];
    if (next) focus(next.id);
  };
  const command = (id: string, keys: string, title: string, run: () => void): Command => ({
    id: `tasks.${id}`,
    title,
    group: t`Tasks`,
    keys,
    run,
  });
  const moves = [
    { ...command("next", "j", t`Next task`, () => step(1)), hidden: true },
    { ...command("previous", "k", t`Previous task`, () => step(-1)), hidden: true },
  ];
  const changes = current
    ? [
        command("complete", "x", t`Complete task`, complete),
        command("rename", "e", t`Rename task`, () => onMode(current.id, "editing")),
        command("snooze", "s", t`Put task off`, () => onMode(current.id, "due")),
      ]
    : [];
  useCommands([...moves, ...(writable ? changes : [])]);

  const onKeyDown = (event: KeyboardEvent) => {
    const onLink = event.target instanceof HTMLAnchorElement;
    if (!onLink || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  };
  return { current: current?.id ?? null, mode, setChosen, onMode, onKeyDown };
}
