/** The stages of a pipeline in order: rearranged by dragging the handle, or by Alt+Arrow on it. */
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { byOrder, type Stage, useReorder } from "@/app/settings/pipelines/data";
import { moved } from "@/app/settings/pipelines/order";
import { StageRow } from "@/app/settings/pipelines/stage-row";
import type { Definition } from "@/engine/definitions";

export function StageList({
  stages,
  definition,
}: {
  stages: readonly Stage[];
  definition: Definition;
}) {
  const { t } = useLingui();
  const reorder = useReorder("stages");
  const [said, setSaid] = useState("");
  const list = byOrder(stages);
  const move = (id: string, to: number) => {
    const from = list.findIndex((stage) => stage.id === id);
    const stage = list[from];
    if (!stage || to < 0 || to >= list.length || to === from) return;
    setSaid(t`${stage.name} is stage ${to + 1} of ${list.length}.`);
    void reorder(moved(list, from, to), id);
  };
  return (
    <>
      <ol>
        {list.map((stage, at) => (
          <StageRow
            key={stage.id}
            stage={stage}
            at={at}
            others={list.filter((each) => each.id !== stage.id)}
            definition={definition}
            onMove={move}
          />
        ))}
      </ol>
      {list.length === 0 && (
        <p className="px-5 py-4 text-muted">{t`No stages yet. Deals need one to stand in.`}</p>
      )}
      <p aria-live="assertive" className="sr-only">
        {said}
      </p>
    </>
  );
}
