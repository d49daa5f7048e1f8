/** What the record is called, changed in place. Names of people are two fields. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useState } from "react";
import type { Definition, Doc, Field } from "@/engine/definitions";
import type { Patch } from "@/engine/patch";
import { hasNames, isEditable } from "@/engine/record/fields/arrange";
import { useLeave } from "@/engine/record/fields/use-leave";
import { titleOf } from "@/engine/titles";
import type { Writes } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { Input } from "@/ui/field";

/** The fields behind the title that may be changed here; none for a title the server makes. */
function partsOf(definition: Definition, doc: Doc): Field[] {
  const named = (name: string) => definition.fields.find((field) => field.name === name);
  const wanted = hasNames(definition) ? ["firstName", "lastName"] : [definition.title];
  return wanted.flatMap((name) => {
    const field = named(name);
    const plain = field?.type === "text" || field?.type === "email";
    return field && plain && isEditable(definition, doc, { path: name, field }) ? [field] : [];
  });
}

export function RecordTitle({
  definition,
  doc,
  writes,
  pending,
  large,
}: {
  definition: Definition;
  doc: Doc;
  writes: Writes;
  pending: boolean;
  large: boolean;
}) {
  const { t } = useLingui();
  const [editing, setEditing] = useState(false);
  const title = titleOf(definition, doc);
  const parts = pending ? [] : partsOf(definition, doc);
  const size = large ? "text-19" : "text-14";
  const save = (values: Record<string, string>) => {
    setEditing(false);
    const patch: Patch = {};
    for (const { name } of parts) {
      const next = values[name]?.trim() || null;
      if (next !== (doc[name] ?? null)) patch[name] = next;
    }
    if (Object.keys(patch).length === 0) return;
    const shown = hasNames(definition)
      ? {
          [definition.title]: parts
            .map(({ name }) => values[name]?.trim())
            .filter(Boolean)
            .join(" "),
        }
      : {};
    const name = label(definition.labels.singular);
    void writes.update(doc, patch, { message: t`${name} renamed`, shown }).catch(() => undefined);
  };
  if (editing && parts.length > 0) {
    return <TitleEditor parts={parts} doc={doc} onSave={save} onCancel={() => setEditing(false)} />;
  }
  return (
    <h1
      className={cx(
        "min-w-0 max-w-full break-words font-semibold tracking-[-0.01em]",
        parts.length > 0 && "-ml-1",
        size,
      )}
    >
      {parts.length > 0 ? (
        <button
          type="button"
          title={t`Rename`}
          onClick={() => setEditing(true)}
          className="rounded-tag px-1 text-left hover:bg-hover"
        >
          {title}
        </button>
      ) : (
        title
      )}
    </h1>
  );
}

function TitleEditor({
  parts,
  doc,
  onSave,
  onCancel,
}: {
  parts: readonly Field[];
  doc: Doc;
  onSave: (values: Record<string, string>) => void;
  onCancel: () => void;
}) {
  const [values, setValues] = useState(() =>
    Object.fromEntries(parts.map(({ name }) => [name, String(doc[name] ?? "")])),
  );
  const leaving = useLeave(() => onSave(values));
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") onSave(values);
    else if (event.key === "Escape") onCancel();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the fields inside
    <div className="flex min-w-0 max-w-[520px] grow gap-1.5" onKeyDown={onKeyDown} {...leaving}>
      {parts.map((field, at) => (
        <Input
          key={field.name}
          dense
          autoFocus={at === 0}
          autoComplete="off"
          aria-label={label(field.label)}
          placeholder={label(field.label)}
          {...(field.max ? { maxLength: field.max } : {})}
          value={values[field.name] ?? ""}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
        />
      ))}
    </div>
  );
}
