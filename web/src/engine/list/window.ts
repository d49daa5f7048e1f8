/** Which of many rows of one height are in sight. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
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

function rangeOf(element: HTMLElement, height: number): Range {
  const top = Math.floor(element.scrollTop / height / STEP) * STEP;
  const seen = Math.ceil(element.clientHeight / height) + STEP;
  return { first: Math.max(0, top - MARGIN), last: top + seen + MARGIN };
}

export function useWindow(scroller: RefObject<HTMLElement | null>, height: number): Range {
  const [view, setView] = useState<Range>({ first: 0, last: 40 });
  const held = useRef<{ element: HTMLElement; height: number; let: () => void } | null>(null);
  // Every time: the element comes and goes with empty lists and errors.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (held.current?.element === element && held.current?.height === height) return;
    held.current?.let();
    held.current = null;
    if (!element) return;
    const measure = () => {
      const next = rangeOf(element, height);
      setView((now) => (now.first === next.first && now.last === next.last ? now : next));
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const stop = () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
    held.current = { element, height, let: stop };
  });
  useEffect(
    () => () => {
      held.current?.let();
      held.current = null;
    },
    [],
  );
  return view;
}
