/** A tenant's color in the place of the accent, made readable in both themes. */

export type Rgb = [number, number, number];

export function parseHex(hex: string): Rgb | null {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex.trim());
  return match ? ([1, 2, 3].map((at) => Number.parseInt(match[at] ?? "0", 16)) as Rgb) : null;
}

/** Relative luminance, WCAG 2.2. */
export function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((part) => {
    const s = part / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio, WCAG 2.2: 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [20, 20, 24];

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, at) => Math.round(part + ((to[at] ?? 0) - part) * share)) as Rgb;
}

export function css(rgb: Rgb): string {
  return `rgb(${rgb.join(" ")})`;
}

/** The color, moved toward black or white until text of it can be read on the sheet. */
function readable(color: Rgb, sheet: Rgb, toward: Rgb): Rgb {
  for (let share = 0; share <= 1; share += 0.05) {
    const tried = mix(color, toward, share);
    if (contrast(tried, sheet) >= 4.5) return tried;
  }
  return toward;
}

/** What a brand color becomes on the sheet of a theme, and the text upon it. */
export function accentOf(color: Rgb, dark: boolean): { page: Rgb; accent: Rgb; onAccent: Rgb } {
  const page: Rgb = dark ? [22, 23, 26] : WHITE;
  const accent = readable(color, page, dark ? WHITE : BLACK);
  const onAccent = contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK;
  return { page, accent, onAccent };
}

const PROPERTIES = ["--accent", "--accent-hover", "--accent-fg", "--accent-text", "--accent-tint"];

/** Lays the brand over the accent of both themes; returns how to take it off. */
export function applyBrand(hex: string | null): () => void {
  const color = hex ? parseHex(hex) : null;
  const root = document.documentElement;
  const clear = () => {
    for (const name of PROPERTIES) root.style.removeProperty(name);
  };
  if (!color) {
    clear();
    return () => undefined;
  }
  const paint = () => {
    const dark = root.dataset.theme === "dark";
    const { page, accent, onAccent } = accentOf(color, dark);
    const values = [
      accent,
      mix(accent, dark ? WHITE : BLACK, 0.12),
      onAccent,
      accent,
      mix(page, accent, dark ? 0.25 : 0.1),
    ];
    for (const [at, name] of PROPERTIES.entries())
      root.style.setProperty(name, css(values[at] ?? accent));
  };
  paint();
  const observer = new MutationObserver(paint);
  observer.observe(root, { attributeFilter: ["data-theme"] });
  return () => {
    observer.disconnect();
    clear();
  };
}
