/** A clock that runs out. */
import { useEffect, useReducer } from "react";

/** Whole seconds until an instant, as they pass; 0 when it is over. */
export function useSecondsUntil(instant: number): number {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const left = Math.max(0, Math.ceil((instant - Date.now()) / 1000));
  const runs = left > 0;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [runs]);
  return left;
}
