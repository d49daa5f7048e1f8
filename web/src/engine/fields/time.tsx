/** Days and instants. A day has no zone; an instant is shown in the viewer's. */
import { t } from "@lingui/core/macro";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { Waiting } from "@/engine/fields/waiting";
import { formatDay, formatInstant, instantOf, localOf } from "@/lib/format";
import { deferred, useDeferred } from "@/ui/deferred";

function DayDisplay({ value }: DisplayProps) {
  return <span className="truncate">{typeof value === "string" ? formatDay(value) : ""}</span>;
}

function InstantDisplay({ value }: DisplayProps) {
  if (typeof value !== "string") return null;
  const full = formatInstant(value, { dateStyle: "full", timeStyle: "short" });
  return (
    <time dateTime={value} title={full} className="truncate">
      {formatInstant(value)}
    </time>
  );
}

const inputs = deferred(() => import("@/engine/fields/time-input"));

function DayInput(props: InputProps) {
  const module = useDeferred(inputs, true);
  return module ? <module.DayInput {...props} /> : <Waiting />;
}

function InstantInput(props: InputProps) {
  const module = useDeferred(inputs, true);
  return module ? <module.InstantInput {...props} /> : <Waiting />;
}

function parseDay(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(trimmed);
  if (iso) return `${iso[1]}-${iso[2]?.padStart(2, "0")}-${iso[3]?.padStart(2, "0")}`;
  const at = new Date(`${trimmed} UTC`);
  if (Number.isNaN(at.getTime())) throw new Error(t`“${trimmed}” is no date.`);
  return at.toISOString().slice(0, 10);
}

function parseInstant(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const local = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$/.exec(trimmed);
  if (local) return instantOf(`${local[1]}T${local[2]}`);
  const at = new Date(trimmed);
  if (Number.isNaN(at.getTime())) throw new Error(t`“${trimmed}” is no date and time.`);
  return at.toISOString();
}

export const date: FieldView = {
  width: 110,
  overlay: true,
  Display: DayDisplay,
  Input: DayInput,
  text: (value) => (isEmpty(value) ? "" : String(value)),
  parse: parseDay,
};

export const datetime: FieldView = {
  width: 140,
  overlay: true,
  Display: InstantDisplay,
  Input: InstantInput,
  text: (value) => (typeof value === "string" ? localOf(value).replace("T", " ") : ""),
  parse: parseInstant,
};
