/** Tells when the focus has left for good, and not into a list that was opened from within. */
import { useEffect, useRef } from "react";

const SETTLE = 30;

export function useLeave(leave: () => void) {
  const within = useRef(true);
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  return {
    // Both bubble through portals: what the field opened over the page counts as inside.
    onFocus: () => {
      within.current = true;
    },
    onBlur: () => {
      within.current = false;
      setTimeout(() => {
        if (!within.current && document.hasFocus()) latest.current();
      }, SETTLE);
    },
  };
}
