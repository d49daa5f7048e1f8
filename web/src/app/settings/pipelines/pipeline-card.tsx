/** One pipeline: its name, whether new deals go there, its stages. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { MoreHorizontal, Star, Trash2 } from "lucide-react";
import { AddLine } from "@/app/settings/add-line";
import { InlineText } from "@/app/settings/inline-text";
import { countDeals, type Pipeline, type Stage, useDelete } from "@/app/settings/pipelines/data";
import { StageList } from "@/app/settings/pipelines/stage-list";
import type { Definition } from "@/engine/definitions";
import { refresh } from "@/engine/documents";
import { useWrites } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem } from "@/ui/menu";
import { toast } from "@/ui/toast";

type Definitions = { pipelines: Definition; stages: Definition };

export function PipelineCard({
  pipeline,
  stages,
  definitions,
  only,
}: {
  pipeline: Pipeline;
  stages: readonly Stage[];
  definitions: Definitions;
  /** There is no other pipeline. */
  only: boolean;
}) {
  const { t } = useLingui();
  const writes = useWrites(definitions.pipelines);
  const stageWrites = useWrites(definitions.stages);
  const may = definitions.pipelines.permissions.update;
  const rename = (name: string) =>
    void writes.update(pipeline, { name }, { message: t`Pipeline renamed` }).catch(() => undefined);
  const addStage = async (name: string) => {
    // Before the ends, where a new station belongs.
    const open = stages.filter((stage) => stage.kind === "open");
    const last = open[open.length - 1];
    const next = stages.find((stage) => stage.kind !== "open");
    const order = last ? middle(last.order, next?.order) : (next?.order ?? 20) - 10;
    try {
      await stageWrites.create({
        pipeline: pipeline.id,
        name,
        kind: "open",
        order,
        probability: last?.probability ?? 10,
      });
      return true;
    } catch (thrown) {
      toast.error(t`Not created`, asProblem(thrown));
      return false;
    }
  };
  return (
    <section className="rounded-panel bg-raise shadow-card">
      <header className="flex items-center gap-2 border-b border-line px-3 py-2">
        <h3 className="min-w-0 grow">
          <InlineText
            value={pipeline.name}
            onSave={rename}
            label={t`Name of the pipeline`}
            max={120}
            disabled={!may}
            className="font-semibold"
          />
        </h3>
        {pipeline.isDefault && <Badge hue={250} dot>{t`Default`}</Badge>}
        {may && <PipelineMenu pipeline={pipeline} definition={definitions.pipelines} only={only} />}
      </header>
      <StageList stages={stages} definition={definitions.stages} />
      {definitions.stages.permissions.create && (
        <div className="border-t border-line">
          <AddLine label={t`Name of a new stage`} placeholder={t`New stage…`} onAdd={addStage} />
        </div>
      )}
    </section>
  );
}

function middle(before: number, after: number | undefined): number {
  return after === undefined ? before + 10 : Math.floor((before + after) / 2);
}

function PipelineMenu({
  pipeline,
  definition,
  only,
}: {
  pipeline: Pipeline;
  definition: Definition;
  only: boolean;
}) {
  const { t } = useLingui();
  const client = useQueryClient();
  const writes = useWrites(definition);
  const remove = useDelete(definition);
  const makeDefault = async () => {
    await writes.update(pipeline, { isDefault: true }).catch(() => undefined);
    void refresh(client, "pipelines");
    toast({ title: t`New deals go to “${pipeline.name}”`, tone: "good" });
  };
  const ask = async () => {
    try {
      const deals = await countDeals({ pipeline: pipeline.id });
      if (deals > 0) return void tellUsed(deals);
      const sure = await confirm({
        title: t`Delete “${pipeline.name}”?`,
        body: t`Its stages go with it. This cannot be undone.`,
        action: t`Delete`,
        danger: true,
      });
      if (!sure) return;
      await remove(pipeline.id);
      toast({ title: t`Pipeline deleted` });
    } catch (thrown) {
      toast.error(t`Not deleted`, asProblem(thrown));
    }
  };
  const tellUsed = (deals: number) =>
    toast({
      tone: "bad",
      title: t`“${pipeline.name}” is in use`,
      body: t`${deals} deals stand in it. Move them to another pipeline first, then delete it.`,
    });
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions for ${pipeline.name}`} bare>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      {!pipeline.isDefault && (
        <MenuItem icon={<Star size={15} />} onSelect={() => void makeDefault()}>
          {t`Make it the default`}
        </MenuItem>
      )}
      {definition.permissions.delete && (
        <MenuItem danger disabled={only} icon={<Trash2 size={15} />} onSelect={() => void ask()}>
          {t`Delete`}
        </MenuItem>
      )}
    </Menu>
  );
}
