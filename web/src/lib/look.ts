/** Theme, density and language: kept in the browser for the first paint, and with the user for every other device. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export type Density = "compact" | "default" | "roomy";
export type Look = { theme: Theme; density: Density; locale: string | null };

const KEY = "mainstay.look";
const DEFAULT: Look = { theme: "system", density: "default", locale: null };
const listeners = new Set<() => void>();
const dark = matchMedia("(prefers-color-scheme: dark)");

let look: Look = { ...DEFAULT, ...stored() };

function stored(): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>;
  } catch {
    return {};
  }
}

export function currentLook(): Look {
  return look;
}

/** Takes effect at once. `public/theme.js` does the same before the first paint. */
export function setLook(change: Partial<Look>): void {
  look = { ...look, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // A browser that keeps nothing still shows what was chosen, until it is closed.
  }
  apply();
  for (const listener of listeners) listener();
}

export function isDark(): boolean {
  return look.theme === "dark" || (look.theme === "system" && dark.matches);
}

function apply(): void {
  const root = document.documentElement;
  root.dataset.theme = isDark() ? "dark" : "light";
  root.dataset.density = look.density;
}

dark.addEventListener("change", () => {
  apply();
  for (const listener of listeners) listener();
});

export function useLook(): Look {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => look,
  );
}
