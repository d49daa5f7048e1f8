/** Back to the list as it was, and on to the record before or after in its order. */
import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import {
  findTrail,
  hasNeighbor,
  keepTrail,
  neighbor,
  readTrail,
  type Step,
} from "@/engine/record/trail";
import { asProblem } from "@/lib/problem";
import { toast } from "@/ui/toast";

export type Way = {
  /** The list's address, with everything it showed. */
  back: string | null;
  previous: (() => void) | null;
  next: (() => void) | null;
};

/** `here` is the address of the page below a panel; a record's own page knows none. */
export function useTrail(
  slug: string,
  id: string,
  here: string | null,
  open: (id: string) => void,
): Way {
  const client = useQueryClient();
  const [lists, setLists] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `lists` says that there is more to find
  const trail = useMemo(() => {
    const kept = readTrail(slug);
    const back = here ?? kept?.back ?? null;
    // As long as one goes on within it, the way stays the same.
    const same = kept?.ids.includes(id) && kept.back === back ? kept : null;
    const found = same ?? findTrail(client, slug, id);
    const next = found ? { ...found, back } : null;
    if (next) keepTrail(slug, next);
    return next ?? (kept && { ...kept, back });
  }, [client, slug, id, here, lists]);
  const known = trail?.ids.includes(id) === true;
  // A link to a record over its list: the list may still be on its way.
  useEffect(() => {
    if (known) return;
    return client.getQueryCache().subscribe(({ type, query }) => {
      const held = query.queryKey[2] === slug && query.state.status === "success";
      if (type === "updated" && held) setLists((count) => count + 1);
    });
  }, [client, slug, known]);
  const go = (step: Step) => async () => {
    if (!trail) return;
    try {
      const found = await neighbor(client, slug, trail, id, step);
      if (!found) {
        toast({ title: step > 0 ? t`This is the last one.` : t`This is the first one.` });
        return;
      }
      keepTrail(slug, found.trail);
      open(found.id);
    } catch (thrown) {
      toast.error(t`The next one could not be loaded`, asProblem(thrown));
    }
  };
  const at = (step: Step) => (hasNeighbor(trail, id, step) ? () => void go(step)() : null);
  return { back: trail?.back ?? null, previous: at(-1), next: at(1) };
}
