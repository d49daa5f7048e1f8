/** The drawn charts. A chunk of its own: recharts is heavier than the rest of the page. */
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

export type Series = {
  key: string;
  label: string;
  color: string;
  format: (value: number) => string;
  /** Drawn on top of the series before it; what is drawn is then under this key of the row's values. */
  over?: string;
};

export type ChartRow = {
  key: string;
  label: string;
  /** Said in the tooltip and the table where the label is short. */
  full?: string;
  values: Record<string, number>;
  /** Lines of the tooltip besides the series. */
  more?: string;
};

export type ChartProps = {
  kind: "bars" | "area";
  title: string;
  rows: readonly ChartRow[];
  series: readonly Series[];
  axis: (value: number) => string;
};

const TICK = { fontSize: 12, fill: "var(--faint)" } as const;
const MARGIN = { top: 12, right: 12, bottom: 0, left: 4 };

export function Chart({ kind, title, rows, series, axis }: ChartProps) {
  const data = rows.map((row) => ({ row, label: row.label, ...row.values }));
  const parts = [
    <CartesianGrid key="grid" vertical={false} stroke="var(--line)" />,
    <XAxis key="x" dataKey="label" tickLine={false} axisLine={{ stroke: "var(--line)" }} tick={TICK} tickMargin={8} minTickGap={8} interval="preserveStartEnd" />,
    <YAxis key="y" tickLine={false} axisLine={false} tick={TICK} tickFormatter={axis} width={52} tickCount={4} allowDecimals={false} />,
    <Tooltip
      key="tip"
      isAnimationActive={false}
      cursor={kind === "bars" ? { fill: "var(--hover)" } : { stroke: "var(--edge)" }}
      content={({ active, payload }) => {
        const row = (payload?.[0]?.payload as { row?: ChartRow } | undefined)?.row;
        return active && row ? <Tip row={row} series={series} /> : null;
      }}
    />,
  ];
  return (
    <ResponsiveContainer width="100%" height="100%">
      {kind === "bars" ? (
        <BarChart data={data} margin={MARGIN} barCategoryGap="28%" barGap={2} title={title}>
          {parts}
          {series.map((each) => (
            <Bar
              key={each.key}
              dataKey={each.over ?? each.key}
              stackId="stack"
              fill={each.color}
              radius={each.over || series.length === 1 ? [4, 4, 0, 0] : 0}
              maxBarSize={44}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      ) : (
        <AreaChart data={data} margin={MARGIN} title={title}>
          <defs>
            {series.map((each) => (
              <linearGradient key={each.key} id={`fill-${each.key}`} x1="0" y1="0" x2="0" y2="1">
                <stop offset="0%" stopColor={each.color} stopOpacity={0.2} />
                <stop offset="100%" stopColor={each.color} stopOpacity={0} />
              </linearGradient>
            ))}
          </defs>
          {parts}
          {series.map((each) => (
            <Area
              key={each.key}
              type="monotone"
              dataKey={each.key}
              stroke={each.color}
              strokeWidth={2}
              fill={`url(#fill-${each.key})`}
              isAnimationActive={false}
              activeDot={{ r: 4, stroke: "var(--raise)", strokeWidth: 2 }}
            />
          ))}
        </AreaChart>
      )}
    </ResponsiveContainer>
  );
}

function Tip({ row, series }: { row: ChartRow; series: readonly Series[] }) {
  return (
    <div className="rounded-control bg-raise px-3 py-2 text-12 shadow-pop">
      <p className="pb-1 font-medium">{row.full ?? row.label}</p>
      {series.map((each) => (
        <p key={each.key} className="flex items-center gap-2 text-muted">
          <span aria-hidden className="size-2 rounded-full" style={{ background: each.color }} />
          <span className="grow">{each.label}</span>
          <span className="font-medium text-fg">{each.format(row.values[each.key] ?? 0)}</span>
        </p>
      ))}
      {row.more && <p className="text-muted">{row.more}</p>}
    </div>
  );
}
