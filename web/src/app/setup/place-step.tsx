/** Language, currency and zone, guessed from the browser. */
import { useLingui } from "@lingui/react/macro";
import { CurrencyInput, LanguageInput, ZoneInput } from "@/app/settings/place-inputs";
import type { Answers } from "@/app/setup/guess";
import { formatInstant, formatMoney } from "@/lib/format";
import { Field } from "@/ui/field";

type Props = { answers: Answers; onChange: (patch: Partial<Answers>) => void };

export function PlaceStep({ answers, onChange }: Props) {
  const { t } = useLingui();
  const { currency, timezone, locale } = answers;
  const now = formatInstant(new Date().toISOString(), {
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZone: timezone || "UTC",
  });
  return (
    <div className="grid max-w-[420px] gap-5">
      <Field
        label={t`Language`}
        hint={t`Of the pipeline and tags made next. Everybody can choose their own for the app.`}
      >
        {(wiring) => (
          <LanguageInput
            {...wiring}
            value={locale}
            onChange={(next) => next && onChange({ locale: next })}
          />
        )}
      </Field>
      <Field
        label={t`Currency`}
        hint={t`Deals are in ${formatMoney({ amount: 1250000, currency })} unless they say otherwise.`}
      >
        {(wiring) => (
          <CurrencyInput
            {...wiring}
            value={currency}
            onChange={(next) => next && onChange({ currency: next })}
          />
        )}
      </Field>
      <Field label={t`Time zone`} hint={t`There it is ${now} now.`}>
        {(wiring) => (
          <ZoneInput
            {...wiring}
            value={timezone}
            onChange={(next) => next && onChange({ timezone: next })}
          />
        )}
      </Field>
    </div>
  );
}
