/** "Chrome on Windows" out of what a browser says of itself. */

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/Firefox\/|FxiOS/, "Firefox"],
  [/HeadlessChrome/, "Headless Chrome"],
  [/Chrome\/|CriOS/, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
];

const SYSTEMS: readonly [RegExp, string, boolean][] = [
  [/iPhone/, "iPhone", true],
  [/iPad/, "iPad", true],
  [/Android/, "Android", true],
  [/Windows/, "Windows", false],
  [/Mac OS X|Macintosh/, "macOS", false],
  [/CrOS/, "ChromeOS", false],
  [/Linux/, "Linux", false],
];

export type Device = { browser: string | null; system: string | null; handheld: boolean };

export function deviceOf(userAgent: string): Device {
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent));
  return {
    browser: BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null,
    system: system?.[1] ?? null,
    handheld: system?.[2] ?? false,
  };
}
