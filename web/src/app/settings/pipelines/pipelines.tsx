/** Pipelines and their stages: the ways deals travel. */
import { t as say } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Waypoints } from "lucide-react";
import { useMemo } from "react";
import { AddLine } from "@/app/settings/add-line";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import {
  byOrder,
  type Pipeline,
  pipelinesOptions,
  type Stage,
  stagesOptions,
} from "@/app/settings/pipelines/data";
import { PipelineCard } from "@/app/settings/pipelines/pipeline-card";
import type { Definition } from "@/engine/definitions";
import { refresh } from "@/engine/documents";
import { useDefinition } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { EmptyState, ErrorState } from "@/ui/empty";
import { toast } from "@/ui/toast";

export function Pipelines() {
  const { t } = useLingui();
  const pipelineDefinition = useDefinition("pipelines");
  const stageDefinition = useDefinition("stages");
  const pipelines = useQuery(pipelinesOptions());
  const stages = useQuery(stagesOptions());
  const failed = pipelines.error ?? stages.error;
  const retry = () => void Promise.all([pipelines.refetch(), stages.refetch()]);
  const all = byOrder((pipelines.data?.docs ?? []) as Pipeline[]);
  const allStages = useMemo(
    () => byOrder((stages.data?.docs ?? []) as unknown as Stage[]),
    [stages.data],
  );
  const may = pipelineDefinition?.permissions.create === true;
  return (
    <Section
      title={t`Pipelines`}
      lead={t`The stages a deal passes, and how likely it is to be won in each.`}
    >
      {pipelines.isPending || stages.isPending ? (
        <RowsSkeleton count={6} />
      ) : failed ? (
        <ErrorState error={failed} onRetry={retry} />
      ) : (
        pipelineDefinition &&
        stageDefinition && (
          <>
            {all.length === 0 && (
              <EmptyState
                compact
                icon={Waypoints}
                title={t`No pipeline yet`}
                body={may ? t`Name one below; it comes with stages to change.` : undefined}
              />
            )}
            {all.map((pipeline) => (
              <PipelineCard
                key={pipeline.id}
                pipeline={pipeline}
                stages={allStages.filter((stage) => stage.pipeline === pipeline.id)}
                definitions={{ pipelines: pipelineDefinition, stages: stageDefinition }}
                only={all.length === 1}
              />
            ))}
            {may && <NewPipeline definition={pipelineDefinition} at={all.length + 1} />}
          </>
        )
      )}
    </Section>
  );
}

/** What a new pipeline starts with: a way in, a way to each end. */
function firstStages(): { name: string; probability: number; kind: Stage["kind"] }[] {
  return [
    { name: say`New`, probability: 10, kind: "open" },
    { name: say`Qualified`, probability: 30, kind: "open" },
    { name: say`Proposal`, probability: 60, kind: "open" },
    { name: say`Won`, probability: 100, kind: "won" },
    { name: say`Lost`, probability: 0, kind: "lost" },
  ];
}

function NewPipeline({ definition, at }: { definition: Definition; at: number }) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const client = useQueryClient();
  const add = async (name: string) => {
    try {
      const pipeline = await writes.create({ name, order: at * 10 });
      const bodies = firstStages().map((stage, index) => ({ ...stage, order: (index + 1) * 10 }));
      await Promise.all(
        bodies.map((stage) =>
          request("POST", "/api/stages", {
            body: { ...stage, pipeline: pipeline.id },
            query: { depth: 0 },
          }),
        ),
      );
      void refresh(client, "stages");
      toast({ title: t`Pipeline “${name}” made`, tone: "good" });
      return true;
    } catch (thrown) {
      toast.error(t`Not created`, asProblem(thrown));
      void refresh(client, "stages");
      return false;
    }
  };
  return (
    <div className="rounded-panel bg-raise shadow-card">
      <AddLine label={t`Name of a new pipeline`} placeholder={t`New pipeline…`} onAdd={add} />
    </div>
  );
}
