/** A field of whatever kind, shown or edited. */
import type { Field } from "@/engine/definitions";
import { fieldView } from "@/engine/fields/registry";
import { type InputProps, isEmpty } from "@/engine/fields/types";

export function FieldDisplay({
  field,
  value,
  empty = "",
}: {
  field: Field;
  value: unknown;
  /** Shown, quietly, where there is no value. */
  empty?: string;
}) {
  const { Display } = fieldView(field);
  if (isEmpty(value)) return empty ? <span className="text-faint">{empty}</span> : null;
  return <Display field={field} value={value} />;
}

export function FieldInput(props: InputProps) {
  const { Input } = fieldView(props.field);
  return <Input {...props} />;
}
