/** Who changed what, field by field, for admins. */
import { useLingui } from "@lingui/react/macro";
import { ArrowRight, History as HistoryIcon } from "lucide-react";
import { useState } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { isEmpty } from "@/engine/fields/types";
import type { Change, What } from "@/engine/record/history/diff";
import { type HistoryEntry, useHistory } from "@/engine/record/history/use-history";
import { isDoc } from "@/engine/titles";
import { formatInstant, formatRelative } from "@/lib/format";
import { label } from "@/lib/i18n";
import { Avatar } from "@/ui/avatar";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

/** A creation tells every field: more than these wait behind a button. */
const FEW = 4;

export function History({ definition, doc }: { definition: Definition; doc: Doc }) {
  const { t } = useLingui();
  const { list, entries, names } = useHistory(definition, doc.id);
  if (list.error && !list.data) {
    return <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) {
    return (
      <div className="grid gap-4" aria-busy="true">
        {Array.from({ length: 4 }, (_, at) => (
          <Skeleton key={at} className="h-14" />
        ))}
      </div>
    );
  }
  if (entries.length === 0) {
    return (
      <EmptyState
        compact
        icon={HistoryIcon}
        title={t`No changes are on record`}
        body={t`Every change from now on is listed here, with who made it.`}
      />
    );
  }
  return (
    <div className="mx-auto max-w-[760px]">
      <ol className="grid">
        {entries.map((entry) => (
          <Entry key={entry.doc.id} entry={entry} names={names} />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          variant="ghost"
          className="mt-2 w-full"
          pending={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t`Show earlier`}
        </Button>
      )}
    </div>
  );
}

function useWords(): Record<What, { text: string; hue: number }> {
  const { t } = useLingui();
  return {
    created: { text: t`Created`, hue: 155 },
    changed: { text: t`Changed`, hue: 250 },
    deleted: { text: t`Deleted`, hue: 25 },
    trashed: { text: t`Moved to the trash`, hue: 25 },
    restored: { text: t`Restored`, hue: 155 },
  };
}

function useWho(doc: Doc): string {
  const { t } = useLingui();
  if (isDoc(doc.actor) && doc.actor.name) return String(doc.actor.name);
  if (doc.actorName) return String(doc.actorName);
  if (doc.actorKind === "user") return t`Someone outside this account`;
  return doc.actorKind === "anonymous" ? t`Somebody not signed in` : t`Mainstay`;
}

function Entry({ entry, names }: { entry: HistoryEntry; names: ReadonlyMap<string, string> }) {
  const { t } = useLingui();
  const { doc, what, changes } = entry;
  const who = useWho(doc);
  const word = useWords()[what];
  const [all, setAll] = useState(false);
  const [origin, setOrigin] = useState(false);
  const told = what === "created" ? changes.filter((change) => !isEmpty(change.after)) : changes;
  const shown = all || told.length <= FEW + 1 ? told : told.slice(0, FEW);
  const hidden = told.length - shown.length;
  const at = String(doc.at ?? "");
  return (
    <li className="flex gap-3 border-b border-line py-3 first:pt-0 last:border-0">
      <Avatar name={who} size={24} />
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <b className="font-medium">{who}</b>
          <Badge hue={word.hue} dot>
            {word.text}
          </Badge>
          <button
            type="button"
            aria-expanded={origin}
            title={formatInstant(at, { dateStyle: "full", timeStyle: "medium" })}
            onClick={() => setOrigin(!origin)}
            className="ml-auto rounded-tag px-1 text-12 text-muted underline decoration-line underline-offset-2 hover:text-fg coarse:min-h-11"
          >
            <time dateTime={at}>{formatInstant(at)}</time>
          </button>
        </div>
        {origin && <Origin doc={doc} />}
        {shown.length > 0 && (
          <dl className="mt-1.5 grid gap-1">
            {shown.map((change) => (
              <Line key={change.path} change={change} first={what === "created"} names={names} />
            ))}
          </dl>
        )}
        {hidden > 0 && (
          <Button size="sm" variant="ghost" className="-ml-2 mt-1" onClick={() => setAll(true)}>
            {t`Show ${hidden} more`}
          </Button>
        )}
      </div>
    </li>
  );
}

/** Where the change came from, for whoever asks. */
function Origin({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const parts: [string, unknown][] = [
    [t`When`, formatRelative(String(doc.at ?? ""))],
    [t`Address`, doc.ip],
    [t`Browser`, doc.userAgent],
    [t`Request`, doc.requestId],
  ];
  return (
    <dl className="mt-1.5 grid grid-cols-[88px_minmax(0,1fr)] gap-x-2 rounded-card bg-side px-2.5 py-2 text-12">
      {parts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="break-words">{isEmpty(value) ? "—" : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Line({
  change,
  first,
  names,
}: {
  change: Change;
  first: boolean;
  names: ReadonlyMap<string, string>;
}) {
  const { t } = useLingui();
  return (
    <div className="grid grid-cols-[minmax(88px,150px)_minmax(0,1fr)] gap-x-3">
      <dt className="truncate text-muted">
        {change.labels.map((text) => label(text)).join(" · ")}
      </dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
        {!first && (
          <>
            <span className="min-w-0 max-w-full text-muted">
              <Value change={change} value={change.before} names={names} />
            </span>
            <ArrowRight size={12} role="img" aria-label={t`to`} className="shrink-0 text-faint" />
          </>
        )}
        <span className="min-w-0 max-w-full">
          <Value change={change} value={change.after} names={names} />
        </span>
      </dd>
    </div>
  );
}

function Value({
  change: { field },
  value,
  names,
}: {
  change: Change;
  value: unknown;
  names: ReadonlyMap<string, string>;
}) {
  const { t } = useLingui();
  if (isEmpty(value)) return <span className="text-faint">{t`nothing`}</span>;
  if (field?.relationTo) {
    const ids = [value].flat().map(String);
    return <span>{ids.map((id) => names.get(id) ?? t`unknown`).join(", ")}</span>;
  }
  const known = field && field.type !== "json" && fits(field.type, value);
  if (!known) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return <span className="line-clamp-4 break-words [overflow-wrap:anywhere]">{text}</span>;
  }
  return (
    <span className="inline-flex min-w-0 max-w-full">
      <FieldDisplay field={field} value={value} />
    </span>
  );
}

/** An entry may be older than the field's present kind: then it is shown as it was written. */
function fits(type: string, value: unknown): boolean {
  if (type === "money") return typeof value === "object" && value !== null && "amount" in value;
  if (type === "number") return typeof value === "number";
  if (type === "checkbox") return typeof value === "boolean";
  return true;
}
