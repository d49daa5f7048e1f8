/** Where notes are written, calls, emails and meetings logged, tasks added. What is begun is kept. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { reasonFor } from "@/engine/record/fields/field-row";
import { onAsked } from "@/engine/record/timeline/composer-ask";
import { type Draft, emptyDraft, isReady } from "@/engine/record/timeline/composer-draft";
import { ComposerFields } from "@/engine/record/timeline/composer-fields";
import { iconOf, kindName, LOG_KINDS, type LogKind } from "@/engine/record/timeline/kinds";
import { useSaveEntry } from "@/engine/record/timeline/use-save-entry";
import { datesRead } from "@/engine/record/typed-dates";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { useDraft } from "@/lib/draft";
import { asProblem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";

export function draftKey(slug: string, id: string): string {
  return `compose:${slug}:${id}`;
}

/** What the viewer may add: tasks are records of their own. */
export function useWritableKinds(): readonly LogKind[] {
  const { schema } = useSession();
  const may = (slug: string) =>
    schema.collections.some((each) => each.slug === slug && each.permissions.create);
  const [logs, tasks] = [may("activities"), may("tasks")];
  return LOG_KINDS.filter((kind) => (kind === "task" ? tasks : logs));
}

export function Composer(props: { definition: Definition; doc: Doc; link: string }) {
  const kinds = useWritableKinds();
  return kinds.length > 0 ? <Writer {...props} kinds={kinds} /> : null;
}

function Writer({
  definition,
  doc,
  link,
  kinds,
}: {
  definition: Definition;
  doc: Doc;
  link: string;
  kinds: readonly LogKind[];
}) {
  const { t } = useLingui();
  const { user } = useSession();
  const key = draftKey(definition.slug, doc.id);
  const [draft, setDraft, clear] = useDraft<Draft>(key, emptyDraft(user));
  const kind = kinds.includes(draft.kind) ? draft.kind : (kinds[0] ?? "note");
  const [open, setOpen] = useState(() => isReady({ ...draft, kind }));
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(draft);
  latest.current = { ...draft, kind };
  const save = useSaveEntry(definition, doc, link);
  const change = (part: Partial<Draft>) => {
    setFault(null);
    setDraft((former) => ({ ...former, kind, ...part }));
  };
  const focus = () =>
    requestAnimationFrame(() =>
      box.current
        ?.querySelector<HTMLElement>("textarea, input[data-first], [data-first] input")
        ?.focus(),
    );
  const begin = useRef((_: LogKind) => {});
  begin.current = (wanted) => {
    change({ kind: wanted });
    setOpen(true);
    focus();
  };
  useEffect(() => onAsked(key, (wanted) => begin.current(wanted)), [key]);
  const submit = async () => {
    if (busy || !(await datesRead(box.current)) || !isReady(latest.current)) return;
    setBusy(true);
    try {
      await save(latest.current);
      clear();
      setDraft({ ...emptyDraft(user), kind });
      setOpen(false);
      setFault(null);
    } catch (thrown) {
      setFault(reasonFor(asProblem(thrown), "subject"));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape" && event.target instanceof HTMLElement) {
      // Once out of the composer, a second one closes the panel.
      event.stopPropagation();
      event.target.blur();
      if (!isReady(latest.current)) setOpen(false);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the fields inside
    <div
      ref={box}
      onKeyDown={onKeyDown}
      className="rounded-panel bg-raise shadow-control focus-within:shadow-[0_0_0_1px_var(--accent),0_1px_2px_oklch(0_0_0/0.04)]"
    >
      <fieldset className="flex gap-0.5 overflow-x-auto px-1.5 pt-1.5">
        <legend className="sr-only">{t`Kind of entry`}</legend>
        {kinds.map((each) => (
          <KindButton
            key={each}
            kind={each}
            chosen={each === kind && open}
            onChoose={() => begin.current(each)}
          />
        ))}
      </fieldset>
      {open ? (
        <div className="grid gap-2 p-2">
          <ComposerFields draft={{ ...draft, kind }} onChange={change} />
          {fault && (
            <p role="alert" className="text-12 text-danger">
              {fault}
            </p>
          )}
          <div className="flex items-center justify-end gap-2">
            <Kbd keys="mod+enter" className="mr-auto phone:hidden" />
            <Button
              variant="ghost"
              onClick={() => {
                clear();
                setFault(null);
                setOpen(false);
              }}
            >
              {t`Discard`}
            </Button>
            <Button
              variant="primary"
              pending={busy}
              disabled={!isReady({ ...draft, kind })}
              onClick={() => void submit()}
            >
              {kind === "task" ? t`Add task` : kind === "note" ? t`Save note` : t`Log it`}
            </Button>
          </div>
        </div>
      ) : (
        <button
          type="button"
          className="block w-full rounded-b-panel px-3.5 pb-3 pt-2 text-left text-faint coarse:min-h-11"
          onClick={() => begin.current(kind)}
        >
          {prompt(kind, t`Write a note…`, t`What comes next?`, t`What was it about?`)}
        </button>
      )}
    </div>
  );
}

function prompt(kind: LogKind, note: string, task: string, log: string): string {
  if (kind === "note") return note;
  return kind === "task" ? task : log;
}

function KindButton({
  kind,
  chosen,
  onChoose,
}: {
  kind: LogKind;
  chosen: boolean;
  onChoose: () => void;
}) {
  const Icon = iconOf(kind);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cx(
        "flex h-7 shrink-0 items-center gap-1.5 rounded-control px-2 text-12 font-medium coarse:h-11",
        chosen ? "bg-active text-fg" : "text-muted hover:bg-hover hover:text-fg",
      )}
    >
      <Icon size={14} aria-hidden />
      {kindName(kind)}
    </button>
  );
}
