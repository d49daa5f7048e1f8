/** A short form over any collection, drawn from its definition: for what lists in settings hold. */
import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useId, useState } from "react";
import { ErrorNote } from "@/app/forms/notes";
import { type Complaints, complaintsOf } from "@/app/forms/server-form";
import {
  bare,
  type Definition,
  type Doc,
  type Field as FieldDefinition,
} from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import { useWrites } from "@/engine/writes";
import { label } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";

type Values = Record<string, unknown>;

export function DocumentDialog({
  definition,
  doc,
  onClose,
}: {
  definition: Definition;
  /** Absent: a new one. */
  doc?: Doc | undefined;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const id = useId();
  const writes = useWrites(definition);
  const fields = definition.fields.filter(
    (field) => field.writable && !field.readOnly && !(doc && field.createOnly),
  );
  const [values, setValues] = useState<Values>(() => startOf(fields, doc));
  const [start] = useState(values);
  const [said, setSaid] = useState<Complaints>({ fields: {}, rest: null });
  const [busy, setBusy] = useState(false);
  const singular = label(definition.labels.singular);
  const changed = fields.filter((field) => values[field.name] !== start[field.name]);
  const close = async () => {
    const sure =
      changed.length === 0 ||
      (await confirm({
        title: t`Leave without saving?`,
        body: t`What you entered is not saved yet.`,
        action: t`Leave`,
        danger: true,
      }));
    if (sure) onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setSaid({ fields: {}, rest: null });
    try {
      if (!doc) await writes.create(values, { message: t`${singular} created` });
      else if (changed.length > 0) {
        const patch = Object.fromEntries(changed.map(({ name }) => [name, values[name]]));
        await writes.update(doc, patch, { message: t`${singular} saved` });
      }
      onClose();
    } catch (thrown) {
      setSaid(
        complaintsOf(
          asProblem(thrown),
          fields.map((field) => field.name),
        ),
      );
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && void close()}
      title={doc ? t`Edit ${singular.toLowerCase()}` : t`New ${singular.toLowerCase()}`}
      footer={
        <>
          <Button onClick={() => void close()}>{t`Cancel`}</Button>
          <Button type="submit" form={id} variant="primary" pending={busy}>
            {doc ? t`Save` : t`Create`}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={(event) => void submit(event)} className="grid gap-4 pt-1">
        {said.rest && <ErrorNote problem={said.rest} />}
        {fields.map((field, at) => (
          <Field
            key={field.name}
            label={label(field.label)}
            hint={field.description && label(field.description)}
            error={said.fields[field.name]}
            required={field.required && field.default === undefined}
          >
            {({ "aria-invalid": invalid, "aria-required": _, ...wiring }) => (
              <FieldInput
                {...wiring}
                field={field}
                invalid={invalid ?? false}
                autoFocus={at === 0}
                value={values[field.name]}
                onChange={(value) => setValues((former) => ({ ...former, [field.name]: value }))}
              />
            )}
          </Field>
        ))}
      </form>
    </Dialog>
  );
}

function startOf(fields: readonly FieldDefinition[], doc: Doc | undefined): Values {
  const value = (field: FieldDefinition) => (doc ? bare(doc[field.name]) : (field.default ?? null));
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
}
