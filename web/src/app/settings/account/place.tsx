/** Name, currency, zone and language of an account; what it does not set is handed down from above. */
import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useMemo } from "react";
import { z } from "zod";
import { useLeaveGuard } from "@/app/forms/leave-guard";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { zoneLabel } from "@/app/forms/places";
import { useServerForm } from "@/app/forms/server-form";
import { useSaveTenant } from "@/app/settings/account/save-tenant";
import { FormSheet, Row, Rows, SaveButtons } from "@/app/settings/parts";
import { CurrencyInput, LanguageInput, ZoneInput } from "@/app/settings/place-inputs";
import { type Inherited, useSession } from "@/engine/session";
import { LANGUAGES } from "@/lib/i18n";
import { Input } from "@/ui/field";
import { toast } from "@/ui/toast";

/** "from Harbor & Co": where a value that holds here was set. */
export function useOrigin(): (value: Inherited<unknown>) => string | null {
  const { t } = useLingui();
  const { tenant } = useSession();
  return ({ from }) => {
    if (from?.id === tenant.id) return null;
    if (!from) return t`Mainstay's default`;
    return from.name ? t`from ${from.name}` : t`from an account above yours`;
  };
}

export function languageName(code: string | null): string {
  return LANGUAGES.find((language) => language.value === code)?.label ?? code ?? "";
}

export function Place({ may }: { may: boolean }) {
  const { t, i18n } = useLingui();
  const { tenant, settings } = useSession();
  const origin = useOrigin();
  if (may) return <PlaceForm />;
  const line = (value: Inherited<string | null>, text: string): [string, string | null] => [
    text,
    origin(value),
  ];
  const rows: [string, [string, string | null]][] = [
    [t`Name`, [tenant.name, null]],
    [t`Currency`, line(settings.currency, settings.currency.value)],
    [
      t`Time zone`,
      line(settings.timezone, zoneLabel(settings.timezone.value ?? "UTC", i18n.locale)),
    ],
    [t`Language`, line(settings.locale, languageName(settings.locale.value))],
  ];
  return (
    <Rows>
      {rows.map(([label, [text, from]]) => (
        <Row key={label} label={label} hint={from}>
          {text}
        </Row>
      ))}
    </Rows>
  );
}

function PlaceForm() {
  const { t, i18n } = useLingui();
  const { tenant, settings } = useSession();
  const save = useSaveTenant(tenant.id);
  const check = useMemo(
    () =>
      z.object({
        name: z.string().trim().min(1, t`Enter a name.`).max(200),
        currency: z.string(),
        timezone: z.string(),
        locale: z.string(),
      }),
    [t],
  );
  const form = useServerForm({
    defaults: {
      name: tenant.name,
      currency: tenant.currency ?? "",
      timezone: tenant.timezone ?? "",
      locale: tenant.locale ?? "",
    },
    check,
    save: async ({ name, currency, timezone, locale }) => {
      await save({
        name: name.trim(),
        currency: currency || null,
        timezone: timezone || null,
        locale: locale || null,
      });
      toast({ title: t`Account saved`, tone: "good" });
    },
  });
  const { busy, dirty } = useFormState(form);
  useLeaveGuard(dirty && !busy);
  const zone = zoneLabel(settings.timezone.value ?? "UTC", i18n.locale);
  return (
    <FormSheet
      onSubmit={form.submit}
      footer={<SaveButtons dirty={dirty} busy={busy} onReset={() => form.form.reset()} />}
    >
      <FormProblem of={form} />
      <Line of={form} name="name" label={t`Name`} required>
        {({ native }) => <Input {...native} autoComplete="off" />}
      </Line>
      <div className="grid grid-cols-2 items-start gap-4 phone:grid-cols-1">
        <Line
          of={form}
          name="currency"
          label={t`Currency`}
          hint={<From value={settings.currency} reset={t`Clear it to use the one from above.`} />}
        >
          {({ wiring, value, set }) => (
            <CurrencyInput
              {...wiring}
              value={value}
              onChange={set}
              clearable
              placeholder={settings.currency.value}
            />
          )}
        </Line>
        <Line
          of={form}
          name="locale"
          label={t`Language`}
          hint={
            <From value={settings.locale} reset={t`Choose “None” to use the one from above.`} />
          }
        >
          {({ wiring, value, set }) => (
            <LanguageInput
              {...wiring}
              value={value}
              onChange={set}
              clearable
              placeholder={languageName(settings.locale.value)}
            />
          )}
        </Line>
        <Line
          of={form}
          name="timezone"
          className="col-span-2 phone:col-span-1"
          label={t`Time zone`}
          hint={<From value={settings.timezone} reset={t`Clear it to use the one from above.`} />}
        >
          {({ wiring, value, set }) => (
            <ZoneInput {...wiring} value={value} onChange={set} clearable placeholder={zone} />
          )}
        </Line>
      </div>
    </FormSheet>
  );
}

function From({ value, reset }: { value: Inherited<string | null>; reset: string }): ReactNode {
  const { t } = useLingui();
  const { tenant } = useSession();
  const origin = useOrigin();
  const from = origin(value);
  if (from) return t`Not set here: it is ${from}.`;
  return tenant.parent ? t`Set here. ${reset}` : t`Set here.`;
}
