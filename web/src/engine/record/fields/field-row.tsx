/** A field of a record: its label, its value, and the way to change it without leaving the page. */
import { useLingui } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { memo, useId, useRef, useState } from "react";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import { tidy } from "@/engine/record/create/pending";
import { isEditable, type Place } from "@/engine/record/fields/arrange";
import { FieldEditor, type Then } from "@/engine/record/fields/field-editor";
import { FieldValue } from "@/engine/record/fields/field-value";
import type { Writes } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { asProblem, type Problem } from "@/lib/problem";
import { Checkbox } from "@/ui/checkbox";
import { Skeleton } from "@/ui/skeleton";

type Props = {
  definition: Definition;
  doc: Doc;
  place: Place;
  writes: Writes;
  editing: boolean;
  /** Not known yet: only what a list had of the record is here. */
  pending: boolean;
  onEdit: (path: string | null) => void;
  onMove: (from: string, step: 1 | -1) => void;
};

export const FieldRow = memo(function FieldRow(props: Props) {
  const { definition, doc, place, editing, pending, onEdit, onMove } = props;
  const { t } = useLingui();
  const { path, field } = place;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const { refused, save, forget } = useSave(props);
  const name = label(field.label);
  const value = valueAt(doc, path);
  const editable = isEditable(definition, doc, place) && !pending;
  const finish = (next: unknown, then: Then) => {
    save(next);
    if (then === "next") onMove(path, 1);
    else if (then === "previous") onMove(path, -1);
    else onEdit(null);
    if (then === "stay") focusSoon();
  };
  const cancel = () => {
    forget();
    onEdit(null);
    focusSoon();
  };
  const focusSoon = () => requestAnimationFrame(() => button.current?.focus());
  const isBox = field.type === "checkbox";
  return (
    <div
      data-field={path}
      className={cx(
        "group relative -mx-2 grid min-h-8 grid-cols-[116px_minmax(0,1fr)] items-start gap-x-2 rounded-control px-2 coarse:min-h-11",
        editable && !editing && "hover:bg-hover",
      )}
    >
      <span
        id={`${id}-label`}
        className="truncate py-1.5 text-muted"
        title={field.description && label(field.description)}
      >
        {name}
      </span>
      <div className="flex min-w-0 items-center">
        {editing && editable && !isBox ? (
          <div className="min-w-0 grow py-0.5">
            <FieldEditor
              field={field}
              value={refused ? refused.value : value}
              invalid={refused !== null}
              describedBy={refused ? `${id}-error` : undefined}
              onCommit={finish}
              onCancel={cancel}
            />
          </div>
        ) : isBox && editable ? (
          <div className="flex min-h-8 items-center">
            <Checkbox
              aria-label={name}
              checked={value === true}
              autoFocus={editing}
              onCheckedChange={(next) => save(next)}
            />
          </div>
        ) : (
          <>
            {editable && (
              <button
                ref={button}
                type="button"
                aria-label={t`Edit ${name}`}
                aria-describedby={`${id}-value`}
                className="absolute inset-0 rounded-control"
                onClick={() => onEdit(path)}
              />
            )}
            <div
              id={`${id}-value`}
              className="pointer-events-none relative min-w-0 grow py-1.5 [&_a]:pointer-events-auto"
            >
              {pending && value === undefined ? (
                <Skeleton className="my-1 h-3 w-28" />
              ) : isEmpty(value) ? (
                <span className="text-faint">{editable ? t`Add…` : "—"}</span>
              ) : (
                <FieldValue field={field} value={value} />
              )}
            </div>
            {editable && (
              <Pencil
                size={12}
                aria-hidden
                className="pointer-events-none relative ml-1 shrink-0 text-faint opacity-0 group-hover:opacity-100"
              />
            )}
          </>
        )}
      </div>
      {refused && (
        <p id={`${id}-error`} role="alert" className="col-start-2 pb-1.5 text-12 text-danger">
          {refused.message}
        </p>
      )}
    </div>
  );
});

/** Saves, and keeps what the server refused with its reason until it is mended or given up. */
function useSave({ doc, place: { path, field }, writes }: Props) {
  const { t } = useLingui();
  const [refused, setRefused] = useState<{ value: unknown; message: string } | null>(null);
  const name = label(field.label);
  const save = (next: unknown) => {
    const isRelation = field.relationTo !== undefined;
    const value = tidy(next, isRelation) ?? (field.many ? [] : null);
    const former = tidy(valueAt(doc, path), isRelation) ?? (field.many ? [] : null);
    setRefused(null);
    if (JSON.stringify(value) === JSON.stringify(former)) return;
    writes
      .set(doc, path, value, { message: t`${name} changed` })
      .catch((thrown) => setRefused({ value: next, message: reasonFor(asProblem(thrown), path) }));
  };
  return { refused, save, forget: () => setRefused(null) };
}

export function reasonFor(problem: Problem, path: string): string {
  const found = problem.fields.find(
    (each) =>
      each.path === path || path.startsWith(`${each.path}.`) || each.path.startsWith(`${path}.`),
  );
  return found?.message ?? problem.message;
}
