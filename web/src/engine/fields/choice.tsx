/** Yes or no, one of a few, some of a few. */
import { t } from "@lingui/core/macro";
import { Check, Minus } from "lucide-react";
import type { Field } from "@/engine/definitions";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { Waiting } from "@/engine/fields/waiting";
import { label } from "@/lib/i18n";
import { StatusTag } from "@/ui/badge";
import { Checkbox } from "@/ui/checkbox";
import { deferred, useDeferred } from "@/ui/deferred";
import { hue } from "@/ui/tone";

export function optionLabel(field: Field, value: unknown): string {
  const option = field.options?.find((each) => each.value === value);
  return option ? label(option.label) : String(value ?? "");
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

const inputs = deferred(() => import("@/engine/fields/choice-input"));

function SelectInput(props: InputProps) {
  const module = useDeferred(inputs, true);
  return module ? <module.SelectInput {...props} /> : <Waiting />;
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
