/** One stage: name, what it means for a deal, how likely it is won there. */

import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useLingui } from "@lingui/react/macro";
import { GripVertical, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { InlineText } from "@/app/settings/inline-text";
import type { Stage, StageKind } from "@/app/settings/pipelines/data";
import { useDeleteStage } from "@/app/settings/pipelines/delete-stage";
import type { Definition } from "@/engine/definitions";
import { useWrites } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/select";
import { hue } from "@/ui/tone";

type Move = (id: string, to: number) => void;

export function StageRow({
  stage,
  at,
  others,
  definition,
  onMove,
}: {
  stage: Stage;
  at: number;
  others: readonly Stage[];
  definition: Definition;
  onMove: Move;
}) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const may = definition.permissions.update;
  const { row, handle, over, dragging } = useStageDrag(stage, at, onMove, may);
  const { ask, dialog } = useDeleteStage(stage, others, definition);
  const save = (patch: Partial<Stage>) =>
    void writes.update(stage, patch, { message: t`Stage saved` }).catch(() => undefined);
  const setProbability = (text: string) => {
    if (text === "") return save({ probability: null });
    const value = Math.round(Number(text.replace("%", "").trim()));
    if (Number.isFinite(value)) save({ probability: Math.min(100, Math.max(0, value)) });
  };
  const kinds: { value: StageKind; label: string; hue: number }[] = [
    { value: "open", label: t({ message: "Open", context: "kind of stage" }), hue: hue("open") },
    { value: "won", label: t`Won`, hue: hue("won") },
    { value: "lost", label: t`Lost`, hue: hue("lost") },
  ];
  return (
    <li
      ref={row}
      className={cx(
        "relative flex items-center gap-1.5 border-b border-line py-1.5 pl-2 pr-3 last:border-0",
        dragging && "opacity-40",
        over && "bg-hover shadow-[inset_0_2px_0_var(--accent)]",
      )}
    >
      {may && (
        <button
          ref={handle}
          type="button"
          aria-label={t`Move ${stage.name}: Alt and the arrow keys`}
          className="inline-flex size-7 shrink-0 cursor-grab items-center justify-center rounded-control text-faint hover:text-fg coarse:size-11"
          onKeyDown={(event) => {
            const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (!step) return;
            event.preventDefault();
            onMove(stage.id, at + step);
          }}
        >
          <GripVertical size={15} aria-hidden />
        </button>
      )}
      <div className="min-w-0 grow">
        <InlineText
          value={stage.name}
          onSave={(name) => save({ name })}
          label={t`Name of the stage`}
          max={120}
          disabled={!may}
        />
      </div>
      <div className="w-[112px] shrink-0 phone:w-[108px]">
        <Select
          dense
          disabled={!may}
          aria-label={t`What ${stage.name} means`}
          options={kinds}
          value={stage.kind}
          onChange={(kind) => kind && kind !== stage.kind && save({ kind })}
        />
      </div>
      <div className="w-[64px] shrink-0 phone:w-[56px]">
        <InlineText
          numeric
          suffix="%"
          value={stage.probability === null ? "" : String(stage.probability)}
          onSave={setProbability}
          label={t`Probability of ${stage.name} in percent`}
          disabled={!may}
          max={4}
        />
      </div>
      {definition.permissions.delete && (
        <IconButton label={t`Delete ${stage.name}`} bare onClick={() => void ask()}>
          <Trash2 size={15} />
        </IconButton>
      )}
      {dialog}
    </li>
  );
}

/** The handle is dragged, the row is where others are dropped. */
function useStageDrag(stage: Stage, at: number, onMove: Move, may: boolean) {
  const row = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const [dragging, setDragging] = useState(false);
  const latest = useRef({ at, onMove });
  latest.current = { at, onMove };
  const { id, pipeline } = stage;
  useEffect(() => {
    const [element, grip] = [row.current, handle.current];
    if (!element || !grip || !may) return;
    return combine(
      draggable({
        element,
        dragHandle: grip,
        getInitialData: () => ({ stage: id, pipeline }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.pipeline === pipeline && source.data.stage !== id,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          latest.current.onMove(String(source.data.stage), latest.current.at);
        },
      }),
    );
  }, [id, pipeline, may]);
  return { row, handle, over, dragging };
}
