/** The value a filter compares with, edited as its field is. */
import { useLingui } from "@lingui/react/macro";
import type { Field } from "@/engine/definitions";
import type { Money } from "@/engine/documents";
import { FieldInput } from "@/engine/fields/field";
import {
  type Ask,
  daysOfSpan,
  makeSpan,
  type Part,
  RELATIVE,
  type Relative,
  relativeDays,
  spanOf,
  spanOfDays,
  takesMany,
} from "@/engine/list/filter-model";
import { useSession } from "@/engine/session";
import { isTest } from "@/engine/where";
import { DateInput } from "@/ui/date-input";
import { Input } from "@/ui/field";
import { Select } from "@/ui/select";

type Props = {
  field: Field;
  ask: Ask;
  part: Part;
  label: string;
  autoFocus?: boolean;
  onChange: (part: Part) => void;
};

export function FilterValue({ field, ask, part, label, autoFocus = false, onChange }: Props) {
  if (ask === "empty" || ask === "filled") return null;
  const span = spanOf(part);
  if (span) {
    const dated = field.type === "date" || field.type === "datetime";
    return dated ? (
      <DaySpan field={field} part={part} label={label} onChange={onChange} />
    ) : (
      <div className="grid grid-cols-2 gap-1.5">
        <Plain
          field={field}
          label={label}
          autoFocus={autoFocus}
          value={span.from}
          onChange={(from) => onChange(makeSpan(field, { ...span, from }))}
        />
        <Plain
          field={field}
          label={label}
          value={span.to}
          onChange={(to) => onChange(makeSpan(field, { ...span, to }))}
        />
      </div>
    );
  }
  if (!isTest(part)) return null;
  const set = (value: unknown) => onChange({ ...part, value });
  if (takesMany(ask))
    return (
      <Several
        field={field}
        label={label}
        autoFocus={autoFocus}
        value={part.value}
        onChange={set}
      />
    );
  return (
    <Plain field={field} label={label} autoFocus={autoFocus} value={part.value} onChange={set} />
  );
}

type One = {
  field: Field;
  label: string;
  autoFocus?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
};

function Plain({ field, label, autoFocus = false, value, onChange }: One) {
  const { t } = useLingui();
  const { settings } = useSession();
  if (field.type === "checkbox") {
    return (
      <Select
        dense
        aria-label={label}
        value={value === false ? "no" : "yes"}
        options={[
          { value: "yes", label: t`Yes` },
          { value: "no", label: t`No` },
        ]}
        onChange={(next) => onChange(next === "yes")}
      />
    );
  }
  if (field.type === "money") {
    // The API compares amounts, whatever their currency.
    const shown =
      typeof value === "number" ? { amount: value, currency: settings.currency.value } : null;
    return (
      <FieldInput
        field={field}
        dense
        autoFocus={autoFocus}
        aria-label={label}
        value={shown}
        onChange={(next) => onChange((next as Money | null)?.amount ?? null)}
      />
    );
  }
  const simple: Field = {
    ...field,
    many: false,
    ...(field.type === "textarea" ? { type: "text" as const } : {}),
  };
  if (field.type === "email" || field.type === "url" || field.type === "phone")
    simple.type = "text";
  if (["json", "array", "group", "address"].includes(field.type)) {
    return (
      <Input
        dense
        aria-label={label}
        value={String(value ?? "")}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <FieldInput
      field={simple}
      dense
      autoFocus={autoFocus}
      aria-label={label}
      value={value}
      onChange={onChange}
    />
  );
}

/** Some of several: choices and related documents from their list, everything else typed with commas. */
function Several({ field, label, autoFocus = false, value, onChange }: One) {
  const { t } = useLingui();
  const list = Array.isArray(value) ? value : [];
  if (field.type === "select" || field.type === "relationship") {
    return (
      <FieldInput
        field={{ ...field, many: true }}
        dense
        autoFocus={autoFocus}
        aria-label={label}
        value={list}
        onChange={onChange}
      />
    );
  }
  const numeric = field.type === "number" || field.type === "money";
  const read = (text: string) => {
    const words = text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
    return numeric ? words.map(Number).filter((each) => !Number.isNaN(each)) : words;
  };
  return (
    <Input
      dense
      autoFocus={autoFocus}
      aria-label={label}
      placeholder={t`One, another`}
      defaultValue={list.join(", ")}
      onChange={(event) => onChange(read(event.target.value))}
    />
  );
}

function DaySpan({ field, part, label, onChange }: Omit<Props, "ask">) {
  const { t } = useLingui();
  const span = spanOf(part);
  if (!span) return null;
  const { from, to } = daysOfSpan(field, span);
  const names: Record<Relative, string> = {
    today: t`Today`,
    yesterday: t`Yesterday`,
    tomorrow: t`Tomorrow`,
    thisWeek: t`This week`,
    lastWeek: t`Last week`,
    nextWeek: t`Next week`,
    last7: t`Last 7 days`,
    last30: t`Last 30 days`,
    last90: t`Last 90 days`,
    next7: t`Next 7 days`,
    next30: t`Next 30 days`,
    thisMonth: t`This month`,
    lastMonth: t`Last month`,
    thisQuarter: t`This quarter`,
    thisYear: t`This year`,
  };
  const named = RELATIVE.find((each) => {
    const [first, last] = relativeDays(each);
    return first === from && last === to;
  });
  const set = (first: string | null, last: string | null) =>
    onChange(spanOfDays(field, span.path, first, last));
  return (
    <div className="grid gap-1.5">
      <Select
        dense
        aria-label={t`${label}: a stretch of time`}
        placeholder={t`Between two days`}
        value={named ?? null}
        options={RELATIVE.map((each) => ({ value: each, label: names[each] }))}
        onChange={(next) => next && set(...relativeDays(next))}
      />
      <div className="grid grid-cols-2 gap-1.5">
        <DateInput
          dense
          aria-label={t`${label}: from`}
          placeholder={t`From`}
          value={from}
          onChange={(day) => set(day, to)}
        />
        <DateInput
          dense
          aria-label={t`${label}: to`}
          placeholder={t`To`}
          value={to}
          onChange={(day) => set(from, day)}
        />
      </div>
    </div>
  );
}
