/** Which columns a person has folded: theirs alone, on every device. */
import { useCallback, useMemo, useRef } from "react";
import { usePreferences } from "@/engine/preferences";

type Boards = Record<string, string[]>;

export function useCollapsed(
  slug: string,
  by: string,
): [ReadonlySet<string>, (value: string, collapsed: boolean) => void] {
  const [preferences, change] = usePreferences();
  const boards = (preferences.foldedColumns ?? {}) as Boards;
  const key = `${slug}.${by}`;
  const folded = boards[key];
  const latest = useRef({ boards, change });
  latest.current = { boards, change };
  const set = useCallback(
    (value: string, collapsed: boolean) => {
      const { boards, change } = latest.current;
      const others = (boards[key] ?? []).filter((each) => each !== value);
      change({ foldedColumns: { ...boards, [key]: collapsed ? [...others, value] : others } });
    },
    [key],
  );
  return [useMemo(() => new Set(folded ?? []), [folded]), set];
}
