/** Zones, currencies and regions: guessed from the browser, listed for choosing. */

/** What a browser gives away of where its user is. */
export type Hints = { zone: string; languages: readonly string[] };

export function browserHints(): Hints {
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    languages: navigator.languages.length > 0 ? navigator.languages : [navigator.language],
  };
}

/** Zones of the larger countries whose currency their language does not tell. */
const ZONE_REGION: readonly [RegExp, string][] = [
  [/^Europe\/(Madrid)|^Atlantic\/Canary|^Africa\/Ceuta/, "ES"],
  [/^Europe\/London|^Europe\/(Jersey|Guernsey|Isle_of_Man|Belfast)/, "GB"],
  [/^Europe\/Zurich/, "CH"],
  [/^Europe\/Stockholm/, "SE"],
  [/^Europe\/Oslo|^Arctic/, "NO"],
  [/^Europe\/Copenhagen|^Atlantic\/Faroe/, "DK"],
  [/^Europe\/Warsaw/, "PL"],
  [/^Europe\/Prague/, "CZ"],
  [/^Europe\/Budapest/, "HU"],
  [/^Europe\/Bucharest/, "RO"],
  [/^Europe\/Istanbul/, "TR"],
  [/^Europe\/(Kiev|Kyiv)/, "UA"],
  [/^Atlantic\/Reykjavik/, "IS"],
  [/^Europe\/|^Atlantic\/(Azores|Madeira)/, "EU"],
  [/^America\/(Mexico_City|Tijuana|Monterrey|Cancun|Merida|Hermosillo|Chihuahua)/, "MX"],
  [/^America\/(Bogota)/, "CO"],
  [/^America\/Lima/, "PE"],
  [/^America\/Santiago/, "CL"],
  [/^America\/(Argentina|Buenos_Aires)/, "AR"],
  [/^America\/Montevideo/, "UY"],
  [/^America\/(Sao_Paulo|Bahia|Fortaleza|Recife|Manaus|Belem)/, "BR"],
  [/^America\/(Toronto|Vancouver|Edmonton|Winnipeg|Halifax|Montreal|Regina|St_Johns)/, "CA"],
  [/^America\/Costa_Rica/, "CR"],
  [/^America\/Guatemala/, "GT"],
  [/^America\/Santo_Domingo/, "DO"],
  [
    /^(America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage)|Pacific\/Honolulu)/,
    "US",
  ],
  [/^Asia\/Tokyo/, "JP"],
  [/^Asia\/Seoul/, "KR"],
  [/^Asia\/(Shanghai|Chongqing|Urumqi)/, "CN"],
  [/^Asia\/Hong_Kong/, "HK"],
  [/^Asia\/Singapore/, "SG"],
  [/^Asia\/(Kolkata|Calcutta)/, "IN"],
  [/^Asia\/Dubai/, "AE"],
  [/^Asia\/(Jerusalem|Tel_Aviv)/, "IL"],
  [/^Asia\/Manila/, "PH"],
  [/^Asia\/Jakarta/, "ID"],
  [/^Asia\/Bangkok/, "TH"],
  [/^Australia\//, "AU"],
  [/^Pacific\/Auckland/, "NZ"],
  [/^Africa\/Johannesburg/, "ZA"],
  [/^Africa\/Lagos/, "NG"],
  [/^Africa\/Nairobi/, "KE"],
];

const REGION_CURRENCY: Readonly<Record<string, string>> = {
  AE: "AED",
  AR: "ARS",
  AU: "AUD",
  BR: "BRL",
  CA: "CAD",
  CH: "CHF",
  CL: "CLP",
  CN: "CNY",
  CO: "COP",
  CR: "CRC",
  CZ: "CZK",
  DK: "DKK",
  DO: "DOP",
  EU: "EUR",
  GB: "GBP",
  GT: "GTQ",
  HK: "HKD",
  HU: "HUF",
  ID: "IDR",
  IL: "ILS",
  IN: "INR",
  IS: "ISK",
  JP: "JPY",
  KE: "KES",
  KR: "KRW",
  MX: "MXN",
  NG: "NGN",
  NO: "NOK",
  NZ: "NZD",
  PE: "PEN",
  PH: "PHP",
  PL: "PLN",
  RO: "RON",
  SE: "SEK",
  SG: "SGD",
  TH: "THB",
  TR: "TRY",
  UA: "UAH",
  US: "USD",
  UY: "UYU",
  ZA: "ZAR",
  AT: "EUR",
  BE: "EUR",
  CY: "EUR",
  DE: "EUR",
  EE: "EUR",
  ES: "EUR",
  FI: "EUR",
  FR: "EUR",
  GR: "EUR",
  HR: "EUR",
  IE: "EUR",
  IT: "EUR",
  LT: "EUR",
  LU: "EUR",
  LV: "EUR",
  MT: "EUR",
  NL: "EUR",
  PT: "EUR",
  SI: "EUR",
  SK: "EUR",
};

/** The region one is in: the zone knows better than the language, which many keep at `en-US`. */
export function guessRegion({ zone, languages }: Hints): string | null {
  const byZone = ZONE_REGION.find(([pattern]) => pattern.test(zone))?.[1];
  if (byZone) return byZone;
  for (const language of languages) {
    const region = /[-_]([A-Z]{2})\b/.exec(language)?.[1];
    if (region && region in REGION_CURRENCY) return region;
  }
  return null;
}

export function guessCurrency(hints: Hints): string {
  return REGION_CURRENCY[guessRegion(hints) ?? "US"] ?? "USD";
}

/** A zone the server will know too; browsers may say `UTC` or nothing at all. */
export function guessZone({ zone }: Hints): string {
  return zone && zone !== "Etc/Unknown" ? zone : "UTC";
}

export type Option = { value: string; label: string };

const COMMON = ["EUR", "USD", "GBP", "MXN", "ARS", "COP", "CLP", "BRL", "CAD", "CHF", "AUD"];

/** Every currency by its name, the common ones first. */
export function currencyOptions(locale: string): Option[] {
  const names = new Intl.DisplayNames([locale], { type: "currency" });
  const all = Intl.supportedValuesOf("currency").filter((code) => !COMMON.includes(code));
  return [...COMMON, ...all].map((code) => ({
    value: code,
    label: `${code} · ${names.of(code) ?? code}`,
  }));
}

/** Every zone with its present distance from UTC: "Europe/Madrid (GMT+1)". */
export function zoneOptions(locale: string, now = new Date()): Option[] {
  const zones = new Set(["UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...zones].map((zone) => ({ value: zone, label: zoneLabel(zone, locale, now) }));
}

const seen = new Map<string, string>();

export function zoneLabel(zone: string, locale: string, now = new Date()): string {
  const key = `${locale}|${zone}`;
  const known = seen.get(key);
  if (known) return known;
  const label = `${zone.replaceAll("_", " ")} (${distance(zone, locale, now)})`;
  seen.set(key, label);
  return label;
}

function distance(zone: string, locale: string, now: Date): string {
  try {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortOffset" });
    return format.formatToParts(now).find((part) => part.type === "timeZoneName")?.value ?? "";
  } catch {
    return "?";
  }
}
