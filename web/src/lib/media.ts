/** What the screen is like, where a class cannot say it: another arrangement, not another size. */
import { useSyncExternalStore } from "react";

/** Whether a media query holds, now and when it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** The same border as the `phone:` variant. */
export function usePhone(): boolean {
  return useMedia("(width < 768px)");
}
