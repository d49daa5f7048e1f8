/** The way of a deal: every stage of its pipeline, where it is now, a click to move it. */
import { useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import type { Doc } from "@/engine/definitions";
import { cx } from "@/lib/cx";
import { hue } from "@/ui/tone";

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function StagePath({
  stages,
  current,
  disabled,
  onMove,
}: {
  stages: readonly Doc[];
  current: string | null;
  disabled: boolean;
  onMove: (stage: Doc) => void;
}) {
  const { t } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  const at = stages.findIndex((stage) => stage.id === current);
  const [cursor, setCursor] = useState<number | null>(null);
  const stop = cursor ?? Math.max(at, 0);
  const now = stages[at];
  // A lost deal has not come through the stages before.
  const through = now?.kind === "lost" ? -1 : at;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(Math.max(stop + step, 0), stages.length - 1);
    setCursor(next);
    list.current?.querySelectorAll<HTMLElement>("button")[next]?.focus();
  };
  return (
    <div
      ref={list}
      role="toolbar"
      aria-label={t`Stage`}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setCursor(null);
      }}
      className="-mx-1 flex gap-0.5 overflow-x-auto p-1 coarse:min-h-12"
    >
      {stages.map((stage, index) => (
        <Step
          key={stage.id}
          stage={stage}
          state={index === at ? "here" : index < through ? "passed" : "ahead"}
          place={index === 0 ? "first" : index === stages.length - 1 ? "last" : "middle"}
          stop={index === stop}
          disabled={disabled}
          onChoose={() => onMove(stage)}
        />
      ))}
    </div>
  );
}

/** An arrow to the right, notched where another comes before it. */
const SHAPES = {
  first: "polygon(0 0, calc(100% - 9px) 0, 100% 50%, calc(100% - 9px) 100%, 0 100%)",
  middle: "polygon(0 0, calc(100% - 9px) 0, 100% 50%, calc(100% - 9px) 100%, 0 100%, 9px 50%)",
  last: "polygon(0 0, 100% 0, 100% 100%, 0 100%, 9px 50%)",
};

function Step({
  stage,
  state,
  place,
  stop,
  disabled,
  onChoose,
}: {
  stage: Doc;
  state: "here" | "passed" | "ahead";
  place: keyof typeof SHAPES;
  stop: boolean;
  disabled: boolean;
  onChoose: () => void;
}) {
  const { t } = useLingui();
  const name = String(stage.name ?? "");
  const ended = stage.kind === "won" || stage.kind === "lost" ? String(stage.kind) : null;
  const face =
    state === "here"
      ? "tint font-semibold"
      : state === "passed"
        ? "bg-active text-fg"
        : "bg-hover text-muted";
  return (
    <button
      type="button"
      tabIndex={stop ? 0 : -1}
      aria-current={state === "here" ? "step" : undefined}
      aria-disabled={disabled || undefined}
      title={disabled ? name : t`Move to ${name}`}
      onClick={() => {
        if (!disabled && state !== "here") onChoose();
      }}
      className="min-w-[88px] flex-1 rounded-[4px] coarse:min-h-11"
    >
      <span
        style={{ clipPath: SHAPES[place], "--hue": hue(ended ?? name) } as CSSProperties}
        className={cx(
          "flex h-7 items-center justify-center gap-1 text-12 coarse:h-10",
          place === "first" ? "rounded-l-control pl-2 pr-4" : "px-4",
          place === "last" && "rounded-r-control",
          face,
          !disabled && state !== "here" && "hover:bg-active hover:text-fg",
        )}
      >
        {state === "passed" && <Check size={12} aria-hidden className="shrink-0 text-good" />}
        {state === "passed" && <span className="sr-only">{t`Passed:`}</span>}
        <span className="truncate">{name}</span>
      </span>
    </button>
  );
}
