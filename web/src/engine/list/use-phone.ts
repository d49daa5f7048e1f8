/** Whether the screen is a phone's: lists become cards, popovers sheets. */
import { useSyncExternalStore } from "react";

const query = matchMedia("(width < 768px)");

export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
}
