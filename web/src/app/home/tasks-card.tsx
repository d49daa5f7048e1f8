/** Tasks that are due: overdue, today, soon. Checked off where they stand. */

import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CheckSquare } from "lucide-react";
import { Link } from "react-router";
import { DocLink, useAccountName } from "@/app/home/doc-link";
import { Part, Ready } from "@/app/home/part";
import { addDays, startOf } from "@/app/home/periods";
import type { Scope } from "@/app/home/scope";
import { type Doc, idOf } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { usePreferences } from "@/engine/preferences";
import { useDefinition, useSession } from "@/engine/session";
import { isDoc } from "@/engine/titles";
import { useWrites } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { dayOf, formatDay, formatInstant, today } from "@/lib/format";
import { Checkbox } from "@/ui/checkbox";
import { EmptyState } from "@/ui/empty";
import { Segmented } from "@/ui/segmented";

/** Days ahead that are shown besides today. */
const AHEAD = 7;
const MOST = 40;

type Whose = "mine" | "everyone";

function useDueTasks(scope: Scope, whose: Whose) {
  const { user } = useSession();
  const where = scope.where({
    status: { in: ["open", "in_progress"] },
    dueAt: { less_than: startOf(addDays(today(), AHEAD + 1)) },
    ...(whose === "mine" ? { assignee: { equals: user.id } } : {}),
  });
  const relation = { name: true };
  return useQuery(
    listOptions("tasks", {
      where,
      sort: "dueAt",
      limit: MOST,
      select: {
        tenant: true,
        title: true,
        status: true,
        priority: true,
        dueAt: true,
        contact: true,
        deal: true,
        assignee: true,
      },
      populate: {
        tenants: { name: true },
        contacts: relation,
        deals: relation,
        users: relation,
      },
    }),
  );
}

export function TasksCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { path } = useSession();
  const [preferences, setPreferences] = usePreferences();
  const whose: Whose = preferences.homeTasks === "everyone" ? "everyone" : "mine";
  const query = useDueTasks(scope, whose);
  return (
    <Part
      title={whose === "mine" ? t`My tasks` : t`Tasks`}
      note={query.data ? query.data.totalDocs : undefined}
      action={
        <>
          <Segmented
            label={t`Whose tasks`}
            value={whose}
            options={[
              { value: "mine", label: t`Mine` },
              { value: "everyone", label: t`Everyone` },
            ]}
            onChange={(next) => setPreferences({ homeTasks: next })}
          />
          <Link to={path("tasks")} className="font-medium text-muted hover:text-fg coarse:py-3">
            {t({ message: "All", context: "tasks" })}
          </Link>
        </>
      }
    >
      <Ready queries={[query]} lines={6}>
        {() => (
          <Groups
            docs={query.data?.docs ?? []}
            more={(query.data?.totalDocs ?? 0) > MOST}
            whose={whose}
          />
        )}
      </Ready>
    </Part>
  );
}

function Groups({ docs, more, whose }: { docs: readonly Doc[]; more: boolean; whose: Whose }) {
  const { t } = useLingui();
  const { path } = useSession();
  const day = today();
  const at = (doc: Doc) => dayOf(String(doc.dueAt ?? ""));
  const groups = [
    { title: t`Overdue`, docs: docs.filter((doc) => at(doc) < day), late: true },
    { title: t`Today`, docs: docs.filter((doc) => at(doc) === day), late: false },
    { title: t`Next ${AHEAD} days`, docs: docs.filter((doc) => at(doc) > day), late: false },
  ].filter((group) => group.docs.length > 0);
  if (groups.length === 0) {
    const body =
      whose === "mine"
        ? t`Nothing is due for you in the next ${AHEAD} days.`
        : t`Nothing is due in the next ${AHEAD} days.`;
    return <EmptyState compact icon={CheckSquare} title={t`All clear`} body={body} />;
  }
  return (
    <div className="max-h-[420px] overflow-y-auto px-2 pb-2">
      {groups.map((group) => (
        <div key={group.title}>
          <h3
            className={cx(
              "px-2 pb-1 pt-2 text-12 font-medium",
              group.late ? "text-danger" : "text-faint",
            )}
          >
            {group.title} <span className="font-normal">{group.docs.length}</span>
          </h3>
          <ul>
            {group.docs.map((doc) => (
              <TaskRow
                key={doc.id}
                doc={doc}
                late={group.late}
                dayShown={at(doc) !== day}
                person={whose === "everyone"}
              />
            ))}
          </ul>
        </div>
      ))}
      {more && (
        <Link
          to={path("tasks")}
          className="block px-2 py-2 font-medium text-accent-text hover:underline"
        >
          {t`See the rest`}
        </Link>
      )}
    </div>
  );
}

function nameOf(value: unknown): string | null {
  return isDoc(value) && typeof value.name === "string" ? value.name : null;
}

function TaskRow({
  doc,
  late,
  dayShown,
  person,
}: {
  doc: Doc;
  late: boolean;
  dayShown: boolean;
  person: boolean;
}) {
  const account = useAccountName()(idOf(doc.tenant));
  const title = String(doc.title ?? "");
  const about = [
    nameOf(doc.contact) ?? nameOf(doc.deal),
    account,
    person ? nameOf(doc.assignee) : null,
  ];
  const due = String(doc.dueAt);
  const when = dayShown
    ? formatDay(dayOf(due))
    : formatInstant(due, { hour: "numeric", minute: "2-digit" });
  const done = doc.status === "done";
  return (
    <li className="flex min-h-9 items-center gap-2.5 rounded-control px-2 hover:bg-hover dark:hover:bg-active/60 phone:min-h-11">
      <Tick doc={doc} />
      <DocLink
        slug="tasks"
        id={doc.id}
        tenant={idOf(doc.tenant)}
        className="flex min-w-0 grow items-baseline gap-2 py-1.5"
      >
        <span className={cx("truncate font-medium", done && "text-faint line-through")}>
          {title}
        </span>
        <span className="min-w-0 shrink-[4] truncate text-12 text-muted">
          {about.filter(Boolean).join(" · ")}
        </span>
      </DocLink>
      {["high", "urgent"].includes(String(doc.priority)) && (
        <Priority value={String(doc.priority)} />
      )}
      <time dateTime={due} className={cx("shrink-0 text-12", late ? "text-danger" : "text-muted")}>
        {when}
      </time>
    </li>
  );
}

function Priority({ value }: { value: string }) {
  const { t } = useLingui();
  const urgent = value === "urgent";
  return (
    <span className={cx("shrink-0 text-12 font-medium", urgent ? "text-danger" : "text-warn")}>
      {urgent ? t`Urgent` : t`High`}
    </span>
  );
}

function Tick({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const definition = useDefinition("tasks");
  if (!definition?.permissions.update) return null;
  return (
    <WritingTick doc={doc} label={t`Done: ${String(doc.title ?? "")}`} definition={definition} />
  );
}

function WritingTick({
  doc,
  label,
  definition,
}: {
  doc: Doc;
  label: string;
  definition: Parameters<typeof useWrites>[0];
}) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const done = doc.status === "done";
  const change = (checked: boolean) => {
    const said = checked ? { message: t`Task done` } : {};
    // A refusal has been rolled back and told by the write itself.
    void writes.update(doc, { status: checked ? "done" : "open" }, said).catch(() => undefined);
  };
  return <Checkbox aria-label={label} checked={done} onCheckedChange={change} />;
}
