/** Choosing a zone, a currency, a language: by typing part of it. */
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { currencyOptions, zoneOptions } from "@/app/forms/places";
import { LANGUAGES } from "@/lib/i18n";
import { Combobox } from "@/ui/combobox";
import { Select } from "@/ui/select";

type Props = {
  value: string;
  onChange: (value: string) => void;
  id?: string;
  placeholder?: string;
  clearable?: boolean;
  disabled?: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-label"?: string;
};

export function ZoneInput({ value, onChange, ...rest }: Props) {
  const { i18n } = useLingui();
  const options = useMemo(() => zoneOptions(i18n.locale), [i18n.locale]);
  return (
    <Combobox
      {...rest}
      options={options}
      value={value || null}
      onChange={(next) => onChange(next ?? "")}
    />
  );
}

export function CurrencyInput({ value, onChange, ...rest }: Props) {
  const { i18n } = useLingui();
  const options = useMemo(() => currencyOptions(i18n.locale), [i18n.locale]);
  return (
    <Combobox
      {...rest}
      options={options}
      value={value || null}
      onChange={(next) => onChange(next ?? "")}
    />
  );
}

/** An account may speak a language tag of its own; that one stays in the list. */
export function LanguageInput({ value, onChange, ...rest }: Props) {
  const known = LANGUAGES.some((language) => language.value === value);
  const options = [
    ...LANGUAGES.map(({ value: code, label }) => ({
      value: code as string,
      label: label as string,
    })),
    ...(value && !known ? [{ value, label: value }] : []),
  ];
  return (
    <Select
      {...rest}
      options={options}
      value={value || null}
      onChange={(next) => onChange(next ?? "")}
    />
  );
}
