/** The editors of days and instants. */
import type { InputProps } from "@/engine/fields/types";
import { DateInput, DateTimeInput } from "@/ui/date-input";

export function DayInput({ field: _, value, onChange, onDone: __, ...rest }: InputProps) {
  return (
    <DateInput {...rest} value={typeof value === "string" ? value : null} onChange={onChange} />
  );
}

export function InstantInput({ field: _, value, onChange, onDone: __, ...rest }: InputProps) {
  return (
    <DateTimeInput {...rest} value={typeof value === "string" ? value : null} onChange={onChange} />
  );
}
