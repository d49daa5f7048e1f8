/** What the audit log shows: by person, collection, verb and days. Kept in the address. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useSearchParams } from "react-router";
import { type AuditFilter, KEYS } from "@/app/settings/audit/data";
import { oneOptions } from "@/engine/documents";
import { choices } from "@/engine/relations";
import { useSession } from "@/engine/session";
import { label } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { DateInput } from "@/ui/date-input";
import { Select } from "@/ui/select";

export function AuditFilters({ filter, onClear }: { filter: AuditFilter; onClear: () => void }) {
  const { t } = useLingui();
  const { schema } = useSession();
  const [, setParams] = useSearchParams();
  const set = (key: (typeof KEYS)[number], value: string | null) =>
    setParams(
      (params) => {
        if (value) params.set(key, value);
        else params.delete(key);
        return params;
      },
      { replace: true },
    );
  const collections = schema.collections
    .filter((each) => each.slug !== "audit")
    .map((each) => ({ value: each.slug, label: label(each.labels.plural) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const verbs = [
    { value: "create", label: t`Created`, hue: 155 },
    { value: "update", label: t`Changed`, hue: 250 },
    { value: "delete", label: t`Deleted`, hue: 25 },
  ];
  return (
    <search className="grid grid-cols-3 gap-2 *:min-w-0 phone:grid-cols-2 [&_input]:w-0">
      <PersonFilter value={filter.actor} onChange={(value) => set("actor", value)} />
      <Combobox
        dense
        clearable
        aria-label={t`Collection`}
        placeholder={t`Every collection`}
        options={collections}
        value={filter.collection}
        onChange={(value) => set("collection", value)}
      />
      <Select
        dense
        clearable
        aria-label={t`What was done`}
        placeholder={t`Every change`}
        options={verbs}
        value={filter.verb}
        onChange={(value) => set("verb", value)}
      />
      <DateInput
        dense
        aria-label={t`From`}
        placeholder={t`From`}
        value={filter.from}
        onChange={(value) => set("from", value)}
      />
      <DateInput
        dense
        aria-label={t`To`}
        placeholder={t`To`}
        value={filter.to}
        onChange={(value) => set("to", value)}
      />
      {KEYS.some((key) => filter[key]) && (
        <Button
          variant="ghost"
          icon={<X size={14} aria-hidden />}
          onClick={onClear}
          className="justify-self-start"
        >
          {t`Show everything`}
        </Button>
      )}
    </search>
  );
}

function PersonFilter({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const { t } = useLingui();
  const { schema } = useSession();
  // The address holds an id; its name is looked up once.
  const person = useQuery({
    ...oneOptions("users", value ?? "", 0),
    enabled: value !== null,
    retry: false,
  });
  const known = value && person.data ? [{ value, label: String(person.data.name) }] : [];
  return (
    <Combobox
      dense
      clearable
      aria-label={t`Person`}
      placeholder={t`Everybody`}
      known={known}
      load={(words) => choices(schema, "users", words)}
      value={value}
      onChange={onChange}
    />
  );
}
