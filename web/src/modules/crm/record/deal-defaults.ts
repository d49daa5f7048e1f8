/** A new deal begins at the first stage of the pipeline one works with. */
import { fetchList } from "@/engine/documents";

export async function dealDefaults(): Promise<Record<string, unknown>> {
  const answer = await fetchList("stages", {
    where: { and: [{ "pipeline.isDefault": { equals: true } }, { kind: { equals: "open" } }] },
    sort: "order,id",
    limit: 1,
    depth: 0,
    pagination: false,
    select: { name: true },
  });
  const [stage] = answer.docs;
  return stage ? { stage } : {};
}
