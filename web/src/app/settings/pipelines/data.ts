/** Pipelines and their stages, and the writes upon them. */
import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { reordered } from "@/app/settings/pipelines/order";
import type { Definition, Doc } from "@/engine/definitions";
import { keys, layOver, listOptions, refresh } from "@/engine/documents";
import { patchOne } from "@/engine/patch";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

export type Pipeline = Doc & { name: string; order: number; isDefault: boolean };
export type StageKind = "open" | "won" | "lost";
export type Stage = Doc & {
  pipeline: string;
  name: string;
  order: number;
  probability: number | null;
  kind: StageKind;
};

const ALL = { limit: 1000, pagination: false, sort: "order", depth: 0 };

export const pipelinesOptions = () => listOptions("pipelines", ALL);
export const stagesOptions = () => listOptions("stages", ALL);

export function byOrder<T extends { order: number | null; name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.name.localeCompare(b.name));
}

/** Rearranges at once, writes what has to be, and takes it back when the server refuses. */
export function useReorder(slug: "stages" | "pipelines") {
  const client = useQueryClient();
  return async (list: readonly { id: string; order: number }[], movedId: string) => {
    const changes = reordered(list, movedId);
    await client.cancelQueries({ queryKey: keys.collection(slug) });
    const backs = changes.map(({ id, order }) =>
      layOver(client, slug, [id], (doc) => ({ ...doc, order })),
    );
    try {
      await Promise.all(changes.map(({ id, order }) => patchOne(slug, id, { order })));
    } catch (thrown) {
      for (const back of backs.reverse()) back();
      toast.error(t`The order was not saved`, asProblem(thrown));
    } finally {
      void refresh(client, slug);
      if (slug === "stages") void refresh(client, "deals");
    }
  };
}

/** Deletes for good; what still hangs on it is said by the caller. */
export function useDelete(definition: Definition) {
  const client = useQueryClient();
  return async (id: string) => {
    await request("DELETE", `/api/${definition.slug}/${id}`);
    void refresh(client, "stages");
    void refresh(client, "pipelines");
  };
}

/** How many deals stand where, before anything is deleted from under them. */
export async function countDeals(where: Record<string, string>): Promise<number> {
  const [[path, value] = ["", ""]] = Object.entries(where);
  const answer = await request<{ totalDocs: number }>("GET", "/api/deals/count", {
    query: { where: { [path]: { equals: value } } },
  });
  return answer.totalDocs;
}
