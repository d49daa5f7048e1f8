/** Whether a brand color can be read where the app uses it, and what it becomes where it cannot. */
import { accentOf, contrast, css, parseHex } from "@/app/shell/brand";

/** WCAG 2.2, 1.4.3: text of ordinary size. */
export const READABLE = 4.5;

export type Verdict = {
  /** Contrast of the color as it is against the sheet. */
  ratio: number;
  readable: boolean;
  /** The color that is used instead, or the same. */
  accent: string;
  /** The text upon it. */
  text: string;
  page: string;
};

/** For both themes; null while what was typed is no color. */
export function verdictsOf(hex: string): { light: Verdict; dark: Verdict } | null {
  const color = parseHex(hex);
  if (!color || !hex.trim().startsWith("#")) return null;
  const verdict = (dark: boolean): Verdict => {
    const { page, accent, onAccent } = accentOf(color, dark);
    const ratio = contrast(color, page);
    return {
      ratio,
      readable: ratio >= READABLE,
      accent: css(accent),
      text: css(onAccent),
      page: css(page),
    };
  };
  return { light: verdict(false), dark: verdict(true) };
}
