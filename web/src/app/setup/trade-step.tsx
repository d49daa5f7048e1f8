/** The trade, as cards; each shows the pipeline it brings. */
import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { type Trade, tradesOptions } from "@/app/setup/data";
import type { Answers } from "@/app/setup/guess";
import { cx } from "@/lib/cx";
import { ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

type Props = { answers: Answers; onChange: (patch: Partial<Answers>) => void };

export function TradeStep({ answers, onChange }: Props) {
  const { t } = useLingui();
  const trades = useQuery(tradesOptions(answers.locale));
  if (trades.error)
    return <ErrorState error={trades.error} onRetry={() => void trades.refetch()} />;
  if (!trades.data) {
    return (
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        {Array.from({ length: 6 }, (_, at) => (
          <Skeleton key={at} className="h-[118px] rounded-panel" />
        ))}
      </div>
    );
  }
  return (
    <fieldset className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <legend className="sr-only">{t`Trade`}</legend>
      {trades.data.map((trade) => (
        <TradeCard
          key={trade.value}
          trade={trade}
          chosen={answers.businessType === trade.value}
          onChoose={() => onChange({ businessType: trade.value })}
        />
      ))}
    </fieldset>
  );
}

function TradeCard({
  trade,
  chosen,
  onChoose,
}: {
  trade: Trade;
  chosen: boolean;
  onChoose: () => void;
}) {
  return (
    <label
      className={cx(
        "flex flex-col gap-3 rounded-panel bg-raise p-4 transition-shadow duration-100 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent",
        chosen ? "shadow-[0_0_0_2px_var(--accent)]" : "shadow-card hover:shadow-control",
      )}
    >
      <span className="flex items-start gap-2.5">
        <input
          type="radio"
          name="businessType"
          checked={chosen}
          onChange={onChoose}
          className="mt-[3px] accent-(--accent) outline-none"
        />
        <span className="min-w-0">
          <span className="block text-14 font-semibold">{trade.label}</span>
          <span className="block text-12 text-muted">{trade.description}</span>
        </span>
      </span>
      <PipelinePreview trade={trade} />
    </label>
  );
}

const HUES: Record<string, number> = { won: 155, lost: 25 };
/** Open stages go from blue to violet as a deal comes closer. */
const OPEN = [250, 265, 280, 300, 320, 340];

function PipelinePreview({ trade }: { trade: Trade }) {
  const stages = trade.pipelines[0]?.stages ?? [];
  return (
    <span className="mt-auto grid gap-2">
      <span aria-hidden className="flex gap-1">
        {stages.map((stage, at) => (
          <span
            key={stage.name}
            style={{ "--hue": HUES[stage.kind] ?? OPEN[at % OPEN.length] } as CSSProperties}
            className="dot h-1.5 grow rounded-full"
          />
        ))}
      </span>
      <span className="text-12 text-muted">{stages.map((stage) => stage.name).join(" → ")}</span>
      <span className="text-12 text-faint">
        <Plural value={trade.services.length} one="# service" other="# services" /> ·{" "}
        <Plural value={trade.tags.length} one="# tag" other="# tags" />
      </span>
    </span>
  );
}
