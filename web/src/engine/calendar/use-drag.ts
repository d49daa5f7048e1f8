/** Dragging with a pointer over a grid of days: begins after a few pixels (or a long press), ends anywhere, Escape gives it up. */
import {
  type PointerEvent as ReactPointerEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";

const THRESHOLD = 4;
const LONG_PRESS = 380;

export type Point = { x: number; y: number };

export type DragHandlers<T> = {
  /** Null where there is nothing to show. */
  preview: (given: T, at: Point, from: Point) => void;
  drop: (given: T, at: Point, from: Point) => void;
  cancel: () => void;
  /** Pressed and let go without moving. */
  tap?: (given: T, at: Point) => void;
};

type Held<T> = { given: T; from: Point; active: boolean; touch: boolean; timer: number };

export function useDrag<T>(handlers: DragHandlers<T>) {
  const [dragging, setDragging] = useState(false);
  const held = useRef<Held<T> | null>(null);
  const latest = useRef(handlers);
  latest.current = handlers;

  useEffect(() => {
    const begin = (hold: Held<T>) => {
      hold.active = true;
      setDragging(true);
    };
    const end = () => {
      if (held.current) clearTimeout(held.current.timer);
      held.current = null;
      setDragging(false);
    };
    const onMove = (event: PointerEvent) => {
      const hold = held.current;
      if (!hold) return;
      const at = { x: event.clientX, y: event.clientY };
      const far = Math.hypot(at.x - hold.from.x, at.y - hold.from.y) > THRESHOLD;
      if (!hold.active && far) {
        // A finger that moves before the press was long scrolls.
        if (hold.touch) return end();
        begin(hold);
      }
      if (hold.active) latest.current.preview(hold.given, at, hold.from);
    };
    const onUp = (event: PointerEvent) => {
      const hold = held.current;
      if (!hold) return;
      const at = { x: event.clientX, y: event.clientY };
      if (hold.active) {
        swallowClick();
        latest.current.drop(hold.given, at, hold.from);
      } else {
        latest.current.tap?.(hold.given, at);
      }
      end();
    };
    const give = () => {
      if (held.current?.active) latest.current.cancel();
      end();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !held.current?.active) return;
      event.preventDefault();
      event.stopPropagation();
      swallowClick();
      give();
    };
    const onTouchMove = (event: TouchEvent) => {
      if (held.current?.active) event.preventDefault();
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", give);
    window.addEventListener("keydown", onKey, true);
    window.addEventListener("touchmove", onTouchMove, { passive: false });
    return () => {
      end();
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", give);
      window.removeEventListener("keydown", onKey, true);
      window.removeEventListener("touchmove", onTouchMove);
    };
  }, []);

  const start = useCallback((event: ReactPointerEvent, given: T) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    const touch = event.pointerType === "touch";
    const hold: Held<T> = {
      given,
      from: { x: event.clientX, y: event.clientY },
      active: false,
      touch,
      timer: 0,
    };
    if (touch) {
      hold.timer = window.setTimeout(() => {
        hold.active = true;
        setDragging(true);
        latest.current.preview(given, hold.from, hold.from);
      }, LONG_PRESS);
    }
    held.current = hold;
  }, []);
  return { start, dragging };
}

/** The click that follows the end of a drag opens nothing. */
function swallowClick(): void {
  const stop = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 60);
}
