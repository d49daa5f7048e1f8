/** One entry of a timeline. */
import { useLingui } from "@lingui/react/macro";
import { ArrowRight, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { type CSSProperties, memo, type ReactNode, useState } from "react";
import { type Definition, type Doc, idOf } from "@/engine/definitions";
import { EntryEditor } from "@/engine/record/timeline/entry-editor";
import { HUES, iconOf, isLogged, kindName } from "@/engine/record/timeline/kinds";
import { RichText } from "@/engine/record/timeline/rich-text";
import { noteText, saidValue, toldOf } from "@/engine/record/timeline/told";
import { instantOf } from "@/engine/record/timeline/use-timeline";
import { RecordLink } from "@/engine/record-link";
import { isAdmin, useDefinition, useSession } from "@/engine/session";
import { isDoc } from "@/engine/titles";
import { useWrites } from "@/engine/writes";
import { formatInstant } from "@/lib/format";
import { label } from "@/lib/i18n";
import { IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem } from "@/ui/menu";

/** `slug` is the collection whose record's timeline this is: its own link need not be said. */
export const Entry = memo(function Entry({ doc, slug }: { doc: Doc; slug: string }) {
  const text = String(doc.subject ?? "");
  const body = typeof doc.body === "string" && doc.body !== "" ? doc.body : null;
  const told = toldOf(text, String(doc.kind));
  const quiet = !isLogged(doc.kind) || (told.form === "done" && !body);
  return (
    <li className="group relative flex gap-3 pb-1">
      <Rail doc={doc} quiet={quiet} />
      {quiet ? <Quiet doc={doc} slug={slug} /> : <Logged doc={doc} slug={slug} />}
    </li>
  );
});

function Rail({ doc, quiet }: { doc: Doc; quiet: boolean }) {
  const Icon = iconOf(doc.kind);
  const hue = isLogged(doc.kind) ? HUES[doc.kind] : undefined;
  return (
    <div aria-hidden className="flex w-7 shrink-0 flex-col items-center">
      <span
        style={(hue === undefined ? {} : { "--hue": hue }) as CSSProperties}
        className={
          quiet
            ? "inline-flex size-7 items-center justify-center text-faint"
            : "tint mt-1.5 inline-flex size-7 items-center justify-center rounded-full"
        }
      >
        <Icon size={14} />
      </span>
      <span className="mt-1 w-px grow bg-line group-last:hidden" />
    </div>
  );
}

function useActor(doc: Doc): string {
  const { t } = useLingui();
  const name = isDoc(doc.actor) ? String(doc.actor.name ?? "") : "";
  if (name) return name;
  // Colleagues of the agency above are not always to be known by name.
  return idOf(doc.actor) ? t`Someone outside this account` : t`Mainstay`;
}

function Time({ doc }: { doc: Doc }) {
  const at = instantOf(doc);
  return (
    <time
      dateTime={at}
      title={formatInstant(at, { dateStyle: "full", timeStyle: "short" })}
      className="shrink-0 text-12 text-faint"
    >
      {formatInstant(at, { hour: "numeric", minute: "2-digit" })}
    </time>
  );
}

function Quiet({ doc, slug }: { doc: Doc; slug: string }) {
  const actor = useActor(doc);
  return (
    <div className="flex min-h-7 min-w-0 grow items-start gap-2 py-1 text-muted">
      <div className="flex min-w-0 grow flex-wrap items-center gap-x-1.5">
        <What doc={doc} />
        <span className="text-12 text-faint">· {actor}</span>
        <About doc={doc} slug={slug} />
      </div>
      <Time doc={doc} />
    </div>
  );
}

function What({ doc }: { doc: Doc }): ReactNode {
  const { t } = useLingui();
  const kind = String(doc.kind);
  const told = toldOf(String(doc.subject ?? ""), kind);
  switch (told.form) {
    case "change":
      return (
        <span className="flex min-w-0 flex-wrap items-center gap-x-1.5">
          <span>{label(told.field)}</span>
          <span className="break-words">{saidValue(told.from, kind)}</span>
          <ArrowRight size={12} role="img" aria-label={t`to`} className="shrink-0 text-faint" />
          <b className="break-words font-medium text-fg">{saidValue(told.to, kind)}</b>
        </span>
      );
    case "created": {
      const noun = label(told.noun);
      return <span>{t`${noun} created`}</span>;
    }
    case "done": {
      const { title } = told;
      return <span className="break-words">{t`Task done: ${title}`}</span>;
    }
    default:
      return <span className="break-words">{told.text}</span>;
  }
}

/** The other records an entry belongs to. */
function About({ doc, slug }: { doc: Doc; slug: string }) {
  const links = [
    ["deal", "deals"],
    ["contact", "contacts"],
    ["company", "companies"],
  ] as const;
  // A contact's entry hardly needs to say the company again.
  const nearest = links.find(([field, to]) => to !== slug && isDoc(doc[field]));
  const related = nearest && doc[nearest[0]];
  if (!nearest || !isDoc(related)) return null;
  if (slug === "contacts" && nearest[1] === "companies") return null;
  if (slug === "deals") return null;
  return (
    <RecordLink
      slug={nearest[1]}
      id={related.id}
      className="min-w-0 max-w-full truncate text-12 text-muted underline decoration-edge underline-offset-2 hover:text-fg"
    >
      {String(related.name ?? "")}
    </RecordLink>
  );
}

function Logged({ doc, slug }: { doc: Doc; slug: string }) {
  const [editing, setEditing] = useState(false);
  const actor = useActor(doc);
  const kind = isLogged(doc.kind) ? doc.kind : "note";
  const subject = String(doc.subject ?? "");
  const body = typeof doc.body === "string" && doc.body !== "" ? doc.body : null;
  if (editing) return <EntryEditor doc={doc} kind={kind} onDone={() => setEditing(false)} />;
  return (
    <article className="mb-1.5 min-w-0 grow rounded-card bg-raise px-3.5 py-2.5 shadow-card">
      <header className="flex min-h-6 items-center gap-x-2 text-12 text-muted phone:flex-wrap">
        <span className="min-w-0 truncate">
          <b className="font-medium text-fg">{actor}</b> · {kindName(kind)}
        </span>
        <span className="flex min-w-0 empty:hidden phone:order-last phone:basis-full">
          <About doc={doc} slug={slug} />
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-1">
          <Time doc={doc} />
          <EntryMenu doc={doc} onEdit={() => setEditing(true)} />
        </span>
      </header>
      {kind === "note" ? (
        <RichText text={noteText(subject, body)} />
      ) : (
        <>
          <div className="font-medium">
            <RichText text={subject} />
          </div>
          {body && (
            <div className="mt-0.5 text-muted">
              <RichText text={body} />
            </div>
          )}
        </>
      )}
    </article>
  );
}

/** What one wrote oneself can be mended; admins may also tidy up after others. */
function EntryMenu({ doc, onEdit }: { doc: Doc; onEdit: () => void }) {
  const { t } = useLingui();
  const { user, role } = useSession();
  const definition = useDefinition("activities");
  const own = idOf(doc.actor) === user.id || isAdmin(role);
  if (!definition || !own) return null;
  const { permissions } = definition;
  if (!permissions.update && !permissions.delete) return null;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions of this entry`} bare size="sm" className="-mr-1.5">
          <Ellipsis size={14} />
        </IconButton>
      }
    >
      {permissions.update && (
        <MenuItem icon={<Pencil size={14} />} onSelect={onEdit}>
          {t`Edit`}
        </MenuItem>
      )}
      {permissions.delete && <RemoveItem definition={definition} doc={doc} />}
    </Menu>
  );
}

function RemoveItem({ definition, doc }: { definition: Definition; doc: Doc }) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const remove = async () => {
    const sure = await confirm({
      title: t`Delete this entry?`,
      body: t`It disappears from every timeline it stands on. This cannot be undone.`,
      action: t`Delete`,
      danger: true,
    });
    if (sure) await writes.remove([doc], t`Entry deleted`).catch(() => undefined);
  };
  return (
    <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => void remove()}>
      {t`Delete…`}
    </MenuItem>
  );
}
