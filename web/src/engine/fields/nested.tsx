/** Values made of values: addresses, groups, rows, JSON. */
import { t } from "@lingui/core/macro";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { Field } from "@/engine/definitions";
import { fieldView } from "@/engine/fields/registry";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { label } from "@/lib/i18n";
import { Button, IconButton } from "@/ui/button";
import { Textarea } from "@/ui/field";

type Values = Record<string, unknown>;

function valuesOf(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Values)
    : {};
}

function line(value: unknown, field: Field): string {
  const values = valuesOf(value);
  const parts = (field.fields ?? []).map((sub) => fieldView(sub).text(values[sub.name], sub));
  return parts.filter(Boolean).join(", ");
}

function GroupDisplay({ field, value }: DisplayProps) {
  return <span className="truncate">{line(value, field)}</span>;
}

function GroupInput({ field, value, onChange, id, autoFocus, disabled }: InputProps) {
  const values = valuesOf(value);
  return (
    <div className="grid gap-2" {...(id ? { id } : {})}>
      {(field.fields ?? []).map((sub, at) => {
        const { Input } = fieldView(sub);
        return (
          <div key={sub.name} className="grid gap-1 text-12 text-muted">
            <span>{label(sub.label)}</span>
            <Input
              field={sub}
              dense
              aria-label={label(sub.label)}
              value={values[sub.name] ?? null}
              onChange={(next) => onChange({ ...values, [sub.name]: next })}
              {...(autoFocus && at === 0 ? { autoFocus } : {})}
              {...(disabled ? { disabled } : {})}
            />
          </div>
        );
      })}
    </div>
  );
}

function ArrayDisplay({ field, value }: DisplayProps) {
  const rows = Array.isArray(value) ? value : [];
  return <span className="truncate">{rows.map((row) => line(row, field)).join(" · ")}</span>;
}

function ArrayInput({ field, value, onChange, disabled }: InputProps) {
  const rows: Values[] = Array.isArray(value) ? (value as Values[]) : [];
  return (
    <div className="grid gap-3">
      {rows.map((row, at) => (
        <div key={at} className="flex gap-2 rounded-card p-2 shadow-ring">
          <div className="grow">
            <GroupInput
              field={field}
              value={row}
              onChange={(next) => onChange(rows.map((each, i) => (i === at ? next : each)))}
              {...(disabled ? { disabled } : {})}
            />
          </div>
          <IconButton
            label={t`Remove`}
            size="sm"
            onClick={() => onChange(rows.filter((_, i) => i !== at))}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <Button size="sm" icon={<Plus size={14} />} onClick={() => onChange([...rows, {}])}>
        {t`Add`}
      </Button>
    </div>
  );
}

function jsonText(value: unknown): string {
  return isEmpty(value) ? "" : JSON.stringify(value);
}

function JsonDisplay({ value }: DisplayProps) {
  return <code className="truncate text-12">{jsonText(value)}</code>;
}

function JsonInput({ field: _, value, onChange, invalid, dense, onDone: __, ...rest }: InputProps) {
  const [draft, setDraft] = useState(() => (isEmpty(value) ? "" : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState(false);
  return (
    <Textarea
      {...rest}
      autoGrow
      rows={dense ? 2 : 5}
      spellCheck={false}
      className="font-mono text-12"
      aria-invalid={invalid || wrong}
      value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
        try {
          onChange(parseJson(event.target.value));
          setWrong(false);
        } catch {
          setWrong(true);
        }
      }}
    />
  );
}

function parseJson(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t`This is no valid JSON.`);
  }
}

function refuse(): never {
  throw new Error(t`This field is edited on the record.`);
}

export const json: FieldView = {
  width: 200,
  overlay: true,
  Display: JsonDisplay,
  Input: JsonInput,
  text: jsonText,
  parse: parseJson,
};
export const group: FieldView = {
  width: 220,
  overlay: true,
  Display: GroupDisplay,
  Input: GroupInput,
  text: line,
  parse: refuse,
};
export const address: FieldView = group;
export const array: FieldView = {
  width: 220,
  overlay: true,
  Display: ArrayDisplay,
  Input: ArrayInput,
  text: (value, field) =>
    Array.isArray(value) ? value.map((row) => line(row, field)).join(" · ") : "",
  parse: refuse,
};
