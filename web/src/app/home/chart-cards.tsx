/** The three charts: the pipeline by stage, what was won by month, who is new by week. */
import { useLingui } from "@lingui/react/macro";
import { CircleDollarSign } from "lucide-react";
import { useState } from "react";
import { ChartFrame } from "@/app/home/chart-frame";
import { amountIn, currenciesOf, filled, moneyOf, stagesOf } from "@/app/home/figures";
import { Part, Ready } from "@/app/home/part";
import type { Scope } from "@/app/home/scope";
import {
  useContactsByWeek,
  useOpenByStage,
  usePipelines,
  useWonByMonth,
} from "@/app/home/use-figures";
import type { Doc } from "@/engine/definitions";
import { useSession } from "@/engine/session";
import { formatDay, formatMoney, formatNumber } from "@/lib/format";
import { EmptyState } from "@/ui/empty";
import { Select } from "@/ui/select";

const HEIGHT = 240;
/** Beside the first page of the timeline. */
const TALL = 322;
/** The same color at less strength: a part and its whole. */
const PALE = "color-mix(in oklab, var(--accent) 32%, var(--raise))";

export function PipelineCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { pipelines, stages } = usePipelines();
  const [chosen, choose] = useState<string | null>(null);
  const all = pipelines.data?.docs ?? [];
  const usual = all.find((each) => each.isDefault === true) ?? all[0];
  const pipeline = chosen ?? usual?.id ?? null;
  const query = useOpenByStage(scope, pipeline);
  const options = all.map((each) => ({ value: each.id, label: String(each.name ?? "") }));
  return (
    <Part
      title={t`Pipeline by stage`}
      action={
        !scope.all &&
        all.length > 1 &&
        pipeline && (
          <span className="w-44">
            <Select
              dense
              aria-label={t`Pipeline`}
              value={pipeline}
              options={options}
              onChange={choose}
            />
          </span>
        )
      }
    >
      <Ready queries={[query, pipelines, stages]} lines={5}>
        {() => (
          <StageChart
            query={query}
            stages={scope.all ? [] : stagesIn(stages.data?.docs ?? [], pipeline)}
          />
        )}
      </Ready>
    </Part>
  );
}

function stagesIn(docs: readonly Doc[], pipeline: string | null) {
  return docs
    .filter((doc) => doc.pipeline === pipeline)
    .map((doc) => ({
      name: String(doc.name ?? ""),
      order: Number(doc.order ?? 0),
      probability: Number(doc.probability ?? 0),
    }));
}

function StageChart({
  query,
  stages,
}: {
  query: ReturnType<typeof useOpenByStage>;
  stages: ReturnType<typeof stagesIn>;
}) {
  const { t } = useLingui();
  const fallback = useSession().settings.currency.value;
  const found = stagesOf(query.data?.groups ?? [], stages);
  const currencies = currenciesOf(found.map((stage) => stage.value));
  const [chosen, choose] = useState<string | null>(null);
  const currency = chosen && currencies.includes(chosen) ? chosen : (currencies[0] ?? fallback);
  if (found.length === 0) {
    return (
      <EmptyState
        compact
        icon={CircleDollarSign}
        title={t`No open deals`}
        body={t`Deals appear here by stage as soon as there are any.`}
      />
    );
  }
  const money = (amount: number) => formatMoney({ amount, currency });
  const rows = found.map((stage) => {
    const value = amountIn(stage.value, currency);
    const weighted = amountIn(stage.weighted, currency);
    const deals = formatNumber(stage.count);
    return {
      key: stage.name,
      label: stage.name,
      more: t`${deals} deals, ${stage.probability} % likely`,
      values: { value, weighted, rest: value - weighted },
    };
  });
  return (
    <>
      <div className="flex min-h-7 items-center gap-4 px-4 text-12 text-muted">
        <Key color="var(--accent)" text={t`Weighted by likelihood`} />
        <Key color={PALE} text={t`Value`} />
        <span className="ml-auto">
          <CurrencyChoice currencies={currencies} value={currency} onChange={choose} />
        </span>
      </div>
      <ChartFrame
        kind="rows"
        height={Math.max(HEIGHT, rows.length * 30 + 30)}
        title={t`Open pipeline by stage, in ${currency}`}
        rows={rows}
        series={[
          { key: "weighted", label: t`Weighted`, color: "var(--accent)", format: money },
          { key: "value", label: t`Value`, color: PALE, format: money, over: "rest" },
        ]}
        axis={(amount) => formatMoney({ amount, currency }, "compact")}
      />
    </>
  );
}

function Key({ color, text }: { color: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
      {text}
    </span>
  );
}

/** Of several currencies one is drawn at a time: they share no axis. */
function CurrencyChoice({
  currencies,
  value,
  onChange,
}: {
  currencies: readonly string[];
  value: string;
  onChange: (currency: string) => void;
}) {
  const { t } = useLingui();
  if (currencies.length < 2) return null;
  return (
    <span className="inline-block w-20">
      <Select
        dense
        aria-label={t`Currency`}
        value={value}
        options={currencies.map((each) => ({ value: each, label: each }))}
        onChange={(next: string | null) => next && onChange(next)}
      />
    </span>
  );
}

export function WonCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const fallback = useSession().settings.currency.value;
  const { months, query } = useWonByMonth(scope);
  const [chosen, choose] = useState<string | null>(null);
  const lists = query.data?.groups.map((group) => moneyOf(group.sum?.value)) ?? [];
  const currencies = currenciesOf(lists);
  const currency = chosen && currencies.includes(chosen) ? chosen : (currencies[0] ?? fallback);
  const money = (amount: number) => formatMoney({ amount, currency });
  const rows = filled(months, query.data, "closedAt:month", (group) => ({
    amount: amountIn(moneyOf(group?.sum?.value), currency),
    count: group?.count ?? 0,
  })).map(({ bucket, value }) => {
    const deals = formatNumber(value.count);
    return {
      key: bucket,
      label: formatDay(bucket, { month: "short" }),
      full: formatDay(bucket, { month: "long", year: "numeric" }),
      more: t`${deals} deals`,
      values: { won: value.amount },
    };
  });
  return (
    <Part
      title={t`Won by month`}
      note={t`12 months`}
      action={<CurrencyChoice currencies={currencies} value={currency} onChange={choose} />}
    >
      <Ready queries={[query]} lines={5}>
        {() => (
          <ChartFrame
            kind="area"
            height={HEIGHT + 28}
            title={t`Value won by month, in ${currency}`}
            rows={rows}
            series={[{ key: "won", label: t`Won`, color: "var(--accent)", format: money }]}
            axis={(amount) => formatMoney({ amount, currency }, "compact")}
          />
        )}
      </Ready>
    </Part>
  );
}

export function ContactsCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { weeks, query } = useContactsByWeek(scope);
  const rows = filled(weeks, query.data, "createdAt:week", (group) => group?.count ?? 0).map(
    ({ bucket, value }) => {
      const day = formatDay(bucket);
      return { key: bucket, label: day, full: t`Week of ${day}`, values: { contacts: value } };
    },
  );
  const number = (value: number) => formatNumber(value);
  return (
    <Part title={t`New contacts by week`} note={t`12 weeks`}>
      <Ready queries={[query]} lines={5}>
        {() => (
          <ChartFrame
            kind="bars"
            height={TALL}
            title={t`New contacts by week`}
            rows={rows}
            series={[
              { key: "contacts", label: t`New contacts`, color: "var(--accent)", format: number },
            ]}
            axis={number}
          />
        )}
      </Ready>
    </Part>
  );
}
