/** One entry of the audit log; opened, it shows each field before and after. */
import { useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { memo, type ReactNode, useState } from "react";
import { changesOf, type Entry, type Verb } from "@/app/settings/audit/data";
import { deviceOf } from "@/app/settings/user-agent";
import type { Definition, Field } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { RecordLink } from "@/engine/record-link";
import { useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { formatInstant } from "@/lib/format";
import { label } from "@/lib/i18n";
import { Avatar } from "@/ui/avatar";
import { Badge } from "@/ui/badge";

const HUES: Record<Verb, number> = { create: 155, update: 250, delete: 25 };

export const EntryRow = memo(function EntryRow({ entry }: { entry: Entry }) {
  const { t } = useLingui();
  const { schema } = useSession();
  const [open, setOpen] = useState(false);
  const definition = schema.collections.find((each) => each.slug === entry.collection);
  const who = useWho(entry);
  const session = entry.collection === "sessions";
  const verbs: Record<Verb, string> = {
    create: session ? t`Signed in` : t`Created`,
    update: t`Changed`,
    delete: session ? t`Signed out` : t`Deleted`,
  };
  const snapshot = { ...entry.before, ...entry.after };
  const named = definition && snapshot[definition.title] ? titleOf(definition, snapshot) : null;
  const what = definition ? label(definition.labels.singular) : session ? "" : entry.collection;
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full items-center gap-2.5 px-3 py-1.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={cx(
            "shrink-0 text-faint transition-transform duration-100",
            open && "rotate-90",
          )}
        />
        <Avatar name={who} size={20} />
        <span className="flex min-w-0 grow flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="truncate font-medium">{who}</span>
          <Badge hue={session ? undefined : HUES[entry.verb]} dot>
            {verbs[entry.verb]}
          </Badge>
          <span className="truncate text-muted">
            {what}
            {named && <span className="text-fg"> {named}</span>}
          </span>
        </span>
        <time dateTime={entry.at} className="shrink-0 text-12 text-muted">
          {formatInstant(entry.at, { hour: "numeric", minute: "2-digit" })}
        </time>
      </button>
      {open && <Details entry={entry} definition={definition} />}
    </li>
  );
});

function useWho(entry: Entry): string {
  const { t } = useLingui();
  if (typeof entry.actor === "object" && entry.actor) return entry.actor.name;
  if (entry.actorName) return entry.actorName;
  return entry.actorKind === "system" ? t`Mainstay` : t`Somebody not signed in`;
}

function Details({ entry, definition }: { entry: Entry; definition: Definition | undefined }) {
  const { t } = useLingui();
  const changes = changesOf(entry, definition);
  const { browser, system } = deviceOf(entry.userAgent);
  const device = [browser, system].filter(Boolean).join(", ");
  return (
    <div className="border-t border-line bg-side px-4 py-3 desk:pl-12">
      {changes.length > 0 ? (
        <div className="overflow-x-auto">
          <table className="w-full min-w-[420px] border-collapse text-left">
            <thead className="text-12 text-muted">
              <tr>
                <th scope="col" className="w-[28%] py-1 pr-3 font-medium">{t`Field`}</th>
                <th scope="col" className="w-[36%] py-1 pr-3 font-medium">{t`Before`}</th>
                <th scope="col" className="py-1 font-medium">{t`After`}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => {
                const field = definition?.fields.find((each) => each.name === change.name);
                return (
                  <tr key={change.name} className="border-t border-line align-top">
                    <th scope="row" className="py-1.5 pr-3 font-normal text-muted">
                      {field ? label(field.label) : change.name}
                    </th>
                    <td className="py-1.5 pr-3">
                      <Value field={field} value={change.before} />
                    </td>
                    <td className="py-1.5">
                      <Value field={field} value={change.after} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="text-muted">{t`No field was changed.`}</p>
      )}
      <p className="mt-3 flex flex-wrap gap-x-3 gap-y-1 text-12 text-muted">
        <span title={entry.userAgent}>{[entry.ip, device].filter(Boolean).join(" · ")}</span>
        {entry.requestId && <span>{t`Request ${entry.requestId}`}</span>}
        {entry.verb !== "delete" && definition && (
          <RecordLink
            slug={entry.collection}
            id={entry.document}
            page
            className="text-accent-text hover:underline"
          >
            {t`Open the record`}
          </RecordLink>
        )}
      </p>
    </div>
  );
}

const TEXTS = new Set(["text", "textarea", "email", "phone", "url"]);

function Value({ field, value }: { field: Field | undefined; value: unknown }): ReactNode {
  if (value === null || value === undefined || value === "")
    return <span className="text-faint">–</span>;
  const plain = typeof value === "object" ? JSON.stringify(value) : String(value);
  // Texts are shown whole, where a list would cut them.
  if (field && TEXTS.has(field.type))
    return <span className="[overflow-wrap:anywhere]">{plain}</span>;
  if (!field) return <code className="text-12 [overflow-wrap:anywhere]">{plain}</code>;
  return (
    <span className="flex min-w-0 [overflow-wrap:anywhere]">
      <FieldDisplay field={field} value={value} />
    </span>
  );
}
