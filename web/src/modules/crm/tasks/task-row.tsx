/** A task in the list: checked off, renamed, put off and weighed where it stands. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, type MouseEvent, memo, useState } from "react";
import { type Definition, type Doc, fieldAt } from "@/engine/definitions";
import { RecordLink } from "@/engine/record-link";
import { isDoc, titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { DueControl } from "@/modules/crm/tasks/due-control";
import { PriorityControl } from "@/modules/crm/tasks/priority-control";
import { isDone } from "@/modules/crm/tasks/sections";
import type { TaskActions } from "@/modules/crm/tasks/use-actions";
import { Avatar } from "@/ui/avatar";
import { Checkbox } from "@/ui/checkbox";
import { Input } from "@/ui/field";

export type RowMode = "plain" | "editing" | "due";

export const TaskRow = memo(function TaskRow({
  task,
  definition,
  actions,
  current,
  mode,
  showContact,
  onMode,
  onFocus,
}: {
  task: Doc;
  definition: Definition;
  actions: TaskActions;
  /** The one row that Tab leads to. */
  current: boolean;
  mode: RowMode;
  showContact: boolean;
  onMode: (id: string, mode: RowMode) => void;
  onFocus: (id: string) => void;
}) {
  const { t } = useLingui();
  const writable = definition.permissions.update;
  const priority = fieldAt(definition, "priority");
  const title = titleOf(definition, task);
  const done = isDone(task);
  const tabIndex = current ? 0 : -1;
  const startEditing = (event: MouseEvent) => {
    if (!writable) return;
    event.preventDefault();
    onMode(task.id, "editing");
  };
  return (
    <li
      data-task={task.id}
      onFocus={() => onFocus(task.id)}
      onDoubleClick={startEditing}
      className={cx(
        "group flex min-h-[var(--row)] items-center gap-3 rounded-control px-2 hover:bg-hover has-[a:focus-visible]:bg-hover phone:min-h-13 phone:gap-2.5 phone:px-1",
        "[contain-intrinsic-size:auto_36px] [content-visibility:auto]",
      )}
    >
      <Checkbox
        checked={done}
        disabled={!writable}
        tabIndex={tabIndex}
        className="rounded-full"
        aria-label={done ? t`Reopen “${title}”` : t`Complete “${title}”`}
        onCheckedChange={(checked) => actions.complete(task, checked)}
      />
      {mode === "editing" ? (
        <TitleInput
          title={title}
          onDone={(next) => {
            onMode(task.id, "plain");
            if (next && next !== title) actions.rename(task, next);
          }}
        />
      ) : (
        <div className="flex min-w-0 grow items-center gap-2 phone:flex-col phone:items-stretch phone:gap-0 phone:py-1.5">
          <RecordLink
            slug="tasks"
            id={task.id}
            tabIndex={tabIndex}
            className={cx(
              "min-w-0 truncate rounded-tag phone:line-clamp-2 phone:whitespace-normal",
              done && "text-muted line-through",
            )}
          >
            {title}
          </RecordLink>
          <Subjects task={task} showContact={showContact} tabIndex={tabIndex} />
        </div>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-1.5">
        {priority && (
          <PriorityControl
            field={priority}
            value={String(task.priority ?? "")}
            writable={writable && !done}
            tabIndex={tabIndex}
            onChange={(value) => actions.setPriority(task, value)}
          />
        )}
        <DueControl
          task={task}
          writable={writable && !done}
          tabIndex={tabIndex}
          open={mode === "due"}
          onOpenChange={(open) => onMode(task.id, open ? "due" : "plain")}
          onChange={(due) => actions.setDue(task, due)}
        />
        <Assignee task={task} />
      </div>
    </li>
  );
});

/** What the task is about: whoever says most about it, the rest is on the record. */
function Subjects({
  task,
  showContact,
  tabIndex,
}: {
  task: Doc;
  showContact: boolean;
  tabIndex: number;
}) {
  const all = [
    { slug: "contacts", doc: showContact ? task.contact : null },
    { slug: "deals", doc: task.deal },
    { slug: "companies", doc: task.company },
  ];
  const about = all.find(({ doc }) => isDoc(doc));
  if (!about || !isDoc(about.doc)) return null;
  return (
    <RecordLink
      slug={about.slug}
      id={about.doc.id}
      tabIndex={tabIndex}
      className="min-w-0 shrink-[4] truncate rounded-tag text-12 text-muted hover:text-fg hover:underline"
    >
      {titleOf(undefined, about.doc)}
    </RecordLink>
  );
}

function Assignee({ task }: { task: Doc }) {
  const { t } = useLingui();
  const who = task.assignee;
  if (!isDoc(who)) return <span className="w-5 phone:hidden" />;
  const name = titleOf(undefined, who);
  return (
    <span title={name} className="flex phone:hidden">
      <Avatar name={name} size={20} />
      <span className="sr-only">{t`Assigned to ${name}`}</span>
    </span>
  );
}

function TitleInput({ title, onDone }: { title: string; onDone: (title: string | null) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState(title);
  const [over, setOver] = useState(false);
  const finish = (next: string | null) => {
    if (over) return;
    setOver(true);
    onDone(next?.trim() || null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish(event.key === "Enter" ? text : null);
  };
  return (
    <Input
      dense
      autoFocus
      maxLength={300}
      aria-label={t`Title`}
      value={text}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(text)}
    />
  );
}
