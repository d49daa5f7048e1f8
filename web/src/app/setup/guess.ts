/** What the first run starts from: what is set already, else what the browser suggests. */
import { guessCurrency, guessZone, type Hints } from "@/app/forms/places";
import type { Inherited, Settings } from "@/engine/session";
import { languageOf } from "@/lib/i18n";

export type Answers = {
  businessType: string | null;
  currency: string;
  timezone: string;
  locale: string;
  demo: boolean;
};

/** A choice somebody made, here or above; the product's own default is nobody's choice. */
function chosen(setting: Inherited<string | null>): string | null {
  return setting.from ? setting.value : null;
}

export function startingAnswers(
  settings: Pick<Settings, "currency" | "timezone" | "locale">,
  businessType: string | null,
  hints: Hints,
  language: string,
): Answers {
  return {
    businessType,
    currency: chosen(settings.currency) ?? guessCurrency(hints),
    timezone: chosen(settings.timezone) ?? guessZone(hints),
    locale: chosen(settings.locale) ?? languageOf(language, ...hints.languages),
    demo: false,
  };
}
