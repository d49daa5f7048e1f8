/** The editor of a choice: a list where it is short and single, a box to type into where there are several. */
import type { Field } from "@/engine/definitions";
import type { InputProps } from "@/engine/fields/types";
import { label } from "@/lib/i18n";
import { Combobox } from "@/ui/combobox";
import { Select } from "@/ui/select";
import { hue } from "@/ui/tone";

function optionsOf(field: Field) {
  return (field.options ?? []).map((option) => ({
    value: option.value,
    label: label(option.label),
    hue: hue(option.value),
  }));
}

export function SelectInput({ field, value, onChange, invalid, onDone, ...rest }: InputProps) {
  const options = optionsOf(field);
  const choose = (next: unknown) => {
    onChange(next);
    if (!field.many) onDone?.();
  };
  if (field.many) {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    return <Combobox {...rest} multiple options={options} value={chosen} onChange={choose} />;
  }
  return (
    <Select
      {...rest}
      aria-invalid={invalid}
      // In a cell the list is what one came for.
      defaultOpen={rest.dense === true && rest.autoFocus === true}
      clearable={!field.required}
      options={options}
      value={typeof value === "string" ? value : null}
      onChange={choose}
    />
  );
}
