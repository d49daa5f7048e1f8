/** Which of many rows of one height are in sight. */
import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from "react";
import type { Range } from "@/engine/list/rows";
import { useLook } from "@/lib/look";

/** Rows drawn beyond the edges, and how many rows pass before the window is drawn again. */
const MARGIN = 8;
const STEP = 4;

const HEIGHTS = { compact: 32, default: 36, roomy: 44 } as const;
export const CARD_HEIGHT = 68;

export function useRowHeight(): number {
  return HEIGHTS[useLook().density];
}

export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  height: number,
  count: number,
): Range {
  const [view, setView] = useState<Range>({ first: 0, last: 40 });
  const measure = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / height / STEP) * STEP;
    const seen = Math.ceil(element.clientHeight / height) + STEP;
    const next = { first: Math.max(0, top - MARGIN), last: top + seen + MARGIN };
    setView((former) => (former.first === next.first && former.last === next.last ? former : next));
  }, [scroller, height]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [scroller, measure]);
  const last = Math.min(view.last, Math.max(0, count - 1));
  return useMemo(() => ({ first: Math.min(view.first, last), last }), [view.first, last]);
}
