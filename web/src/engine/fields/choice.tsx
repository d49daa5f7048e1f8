/** Yes or no, one of a few, some of a few. */
import { t } from "@lingui/core/macro";
import { Check, Minus } from "lucide-react";
import type { Field } from "@/engine/definitions";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { label } from "@/lib/i18n";
import { StatusTag } from "@/ui/badge";
import { Checkbox } from "@/ui/checkbox";
import { Combobox } from "@/ui/combobox";
import { Select } from "@/ui/select";
import { hue } from "@/ui/tone";

export function optionLabel(field: Field, value: unknown): string {
  const option = field.options?.find((each) => each.value === value);
  return option ? label(option.label) : String(value ?? "");
}

function optionsOf(field: Field) {
  return (field.options ?? []).map((option) => ({
    value: option.value,
    label: label(option.label),
    hue: hue(option.value),
  }));
}

function SelectDisplay({ field, value }: DisplayProps) {
  if (isEmpty(value)) return null;
  const values = Array.isArray(value) ? value : [value];
  return (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      {values.map((each) => (
        <StatusTag key={String(each)} label={optionLabel(field, each)} hue={hue(String(each))} />
      ))}
    </span>
  );
}

function SelectInput({ field, value, onChange, invalid, onDone, ...rest }: InputProps) {
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

function parseSelect(text: string, field: Field): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return field.many ? [] : null;
  const find = (part: string) => {
    const wanted = part.trim().toLowerCase();
    const found = field.options?.find((option) =>
      [option.value, option.label, label(option.label)].some(
        (each) => each.toLowerCase() === wanted,
      ),
    );
    if (!found) throw new Error(t`“${part.trim()}” is not one of the choices.`);
    return found.value;
  };
  return field.many ? trimmed.split(",").map(find) : find(trimmed);
}

function CheckboxDisplay({ value }: DisplayProps) {
  if (value === true) return <Check size={15} aria-label={t`Yes`} className="text-good" />;
  if (value === false) return <Minus size={15} aria-label={t`No`} className="text-faint" />;
  return null;
}

function CheckboxInput({ field, value, onChange, id, disabled, autoFocus, ...rest }: InputProps) {
  return (
    <Checkbox
      {...(id ? { id } : {})}
      {...(disabled ? { disabled } : {})}
      {...(autoFocus ? { autoFocus } : {})}
      aria-label={rest["aria-label"] ?? label(field.label)}
      checked={value === true}
      onCheckedChange={onChange}
    />
  );
}

const YES = new Set(["true", "yes", "y", "1", "x", "sí", "si", "✓"]);
const NO = new Set(["false", "no", "n", "0", "", "-"]);

function parseCheckbox(text: string): unknown {
  const word = text.trim().toLowerCase();
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw new Error(t`“${text}” is neither yes nor no.`);
}

export const select: FieldView = {
  width: 130,
  overlay: true,
  Display: SelectDisplay,
  Input: SelectInput,
  text: (value, field) => {
    if (isEmpty(value)) return "";
    return Array.isArray(value)
      ? value.map((each) => optionLabel(field, each)).join(", ")
      : optionLabel(field, value);
  },
  parse: parseSelect,
};

export const checkbox: FieldView = {
  width: 90,
  Display: CheckboxDisplay,
  Input: CheckboxInput,
  text: (value) => (value === true ? "true" : value === false ? "false" : ""),
  parse: parseCheckbox,
};
