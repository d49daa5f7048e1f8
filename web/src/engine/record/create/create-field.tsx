/** One field of the form, with its label and its faults. */
import { useLingui } from "@lingui/react/macro";
import { useStore } from "@tanstack/react-form";
import type { Definition, Field as FieldDefinition } from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import { NewRelation } from "@/engine/record/create/new-relation";
import { closeCreate } from "@/engine/record/create/open";
import { Twins } from "@/engine/record/create/twins";
import type { CreateState } from "@/engine/record/create/use-create-form";
import { FieldSlot } from "@/engine/record/typed-dates";
import { label } from "@/lib/i18n";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";

type Props = {
  definition: Definition;
  field: FieldDefinition;
  state: CreateState;
  autoFocus: boolean;
};

export function CreateField({ definition, field, state, autoFocus }: Props) {
  const { t } = useLingui();
  const value = useStore(state.form.store, (held) => held.values[field.name]);
  const fault = state.faults[field.name];
  const change = (next: unknown) => state.set(field.name, next);
  const name = label(field.label);
  if (field.type === "checkbox") {
    return (
      <div className="flex h-full min-h-9 items-end pb-2">
        <Checkbox checked={value === true} onCheckedChange={change} label={name} />
      </div>
    );
  }
  const through = definition.fields.find((each) => each.name === field.derived?.through);
  const source = through && label(through.label);
  // A value that another field brings along.
  const follows = source && t`Follows ${source}`;
  return (
    <div data-fault={fault ? "" : undefined}>
      <Field
        label={name}
        required={field.required && field.default === undefined}
        error={fault}
        hint={field.description ? label(field.description) : follows}
      >
        {(wiring) => {
          const common = {
            id: wiring.id,
            field,
            value: value ?? null,
            onChange: change,
            ...(autoFocus ? { autoFocus } : {}),
            ...(wiring["aria-describedby"]
              ? { "aria-describedby": wiring["aria-describedby"] }
              : {}),
          };
          if (field.relationTo) return <NewRelation {...common} />;
          return (
            <FieldSlot field={field}>
              <FieldInput {...common} invalid={fault !== undefined} />
            </FieldSlot>
          );
        }}
      </Field>
      {field.type === "email" && (
        <Twins
          definition={definition}
          name={field.name}
          value={value}
          onOpen={() => closeCreate(null)}
        />
      )}
    </div>
  );
}
