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
  /** `rows` are bars that lie down: their names have room. */
  kind: "bars" | "rows" | "area";
  title: string;
  rows: readonly ChartRow[];
  series: readonly Series[];
  axis: (value: number) => string;
};

const TICK = { fontSize: 12, fill: "var(--faint)" } as const;
const MARGIN = { top: 12, right: 12, bottom: 0, left: 4 };

export function Chart(props: ChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      {props.kind === "area" ? areaChart(props) : barChart(props)}
    </ResponsiveContainer>
  );
}

function dataOf({ rows }: ChartProps) {
  return rows.map((row) => ({ row, label: row.label, ...row.values }));
}

function tip({ kind, series }: ChartProps) {
  return (
    <Tooltip
      isAnimationActive={false}
      cursor={
        kind === "area" ? { stroke: "var(--edge)" } : { fill: "var(--active)", fillOpacity: 0.5 }
      }
      content={({ active, payload }) => {
        const row = (payload?.[0]?.payload as { row?: ChartRow } | undefined)?.row;
        return active && row ? <Tip row={row} series={series} /> : null;
      }}
    />
  );
}

const PLAIN = { tickLine: false, tick: TICK } as const;

function names() {
  return (
    <XAxis
      {...PLAIN}
      dataKey="label"
      axisLine={{ stroke: "var(--line)" }}
      tickMargin={8}
      minTickGap={8}
      interval="preserveStartEnd"
    />
  );
}

function amounts({ axis }: ChartProps) {
  return (
    <YAxis
      {...PLAIN}
      axisLine={false}
      tickFormatter={axis}
      width={52}
      tickCount={5}
      allowDecimals={false}
    />
  );
}

/** Only the end of a bar is round, also of one made of parts. */
function radius(
  each: Series,
  { kind, series }: ChartProps,
): number | [number, number, number, number] {
  if (!each.over && series.length > 1) return 0;
  return kind === "rows" ? [0, 4, 4, 0] : [4, 4, 0, 0];
}

function barChart(props: ChartProps) {
  const lying = props.kind === "rows";
  return (
    <BarChart
      data={dataOf(props)}
      layout={lying ? "vertical" : "horizontal"}
      margin={MARGIN}
      barCategoryGap="28%"
      title={props.title}
    >
      <CartesianGrid vertical={lying} horizontal={!lying} stroke="var(--line)" />
      {lying ? (
        <>
          <XAxis
            {...PLAIN}
            type="number"
            axisLine={false}
            tickFormatter={props.axis}
            tickCount={5}
          />
          <YAxis
            {...PLAIN}
            type="category"
            dataKey="label"
            axisLine={{ stroke: "var(--line)" }}
            width={108}
            interval={0}
            tickFormatter={shorten}
          />
        </>
      ) : (
        <>
          {names()}
          {amounts(props)}
        </>
      )}
      {tip(props)}
      {props.series.map((each) => (
        <Bar
          key={each.key}
          dataKey={each.over ?? each.key}
          stackId="stack"
          fill={each.color}
          radius={radius(each, props)}
          maxBarSize={lying ? 26 : 44}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  );
}

function shorten(name: string): string {
  return name.length > 15 ? `${name.slice(0, 14)}…` : name;
}

function areaChart(props: ChartProps) {
  return (
    <AreaChart data={dataOf(props)} margin={MARGIN} title={props.title}>
      <defs>
        {props.series.map((each) => (
          <linearGradient key={each.key} id={`fill-${each.key}`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0%" stopColor={each.color} stopOpacity={0.2} />
            <stop offset="100%" stopColor={each.color} stopOpacity={0} />
          </linearGradient>
        ))}
      </defs>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      {names()}
      {amounts(props)}
      {tip(props)}
      {props.series.map((each) => (
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
