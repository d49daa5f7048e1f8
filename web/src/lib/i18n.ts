/** The languages of the app. Catalogs are loaded when their language is chosen. */
import { i18n } from "@lingui/core";

export const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "es", label: "Español" },
] as const;

export type Language = (typeof LANGUAGES)[number]["value"];

/** Labels of definitions come from the server in English; other languages have them by that text. */
let labels: Readonly<Record<string, string>> = {};

/** The nearest language we have: `es-MX` → `es`, unknown → `en`. */
export function languageOf(...wanted: (string | null | undefined)[]): Language {
  for (const each of wanted) {
    const start = each?.slice(0, 2).toLowerCase();
    const found = LANGUAGES.find((language) => language.value === start);
    if (found) return found.value;
  }
  return "en";
}

// A sentence without anything to fill in is its own translation where the catalog has none.
i18n.setMessagesCompiler((message) => [message]);

export async function speak(language: Language): Promise<void> {
  if (i18n.locale === language) return;
  if (language === "es") {
    const [catalog, definitions] = await Promise.all([
      import("@/locales/es.po"),
      import("@/locales/definitions.es"),
    ]);
    labels = definitions.labels;
    i18n.load("es", catalog.messages);
  } else {
    const catalog = await import("@/locales/en.po");
    labels = {};
    i18n.load("en", catalog.messages);
  }
  i18n.activate(language);
  document.documentElement.lang = language;
}

/** The label of a collection, field or option in the viewer's language. */
export function label(text: string): string {
  return labels[text] ?? text;
}

/** What the server says in English, in the viewer's language where that is known; figures and field names are put in. */
export function said(text: string): string {
  const list = /^(The following fields? (?:is|are) invalid): (.+)$/.exec(text);
  if (list) return `${label(list[1] ?? "")}: ${(list[2] ?? "").split(", ").map(label).join(", ")}`;
  const figures = text.match(/-?\d+(?:\.\d+)?/g) ?? [];
  const known = labels[text.replace(/-?\d+(?:\.\d+)?/g, "#")];
  return known?.replace(/#/g, () => figures.shift() ?? "") ?? text;
}
