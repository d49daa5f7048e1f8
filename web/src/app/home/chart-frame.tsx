/** Holds the place of a chart until its code is there, and says in a table what it draws. */
import { lazy, Suspense } from "react";
import type { ChartProps } from "@/app/home/charts";
import { ErrorBoundary } from "@/app/resilience/error-boundary";

const Chart = lazy(async () => ({ default: (await import("@/app/home/charts")).Chart }));

export function ChartFrame({ height, ...props }: ChartProps & { height: number }) {
  return (
    <div className="px-2 pb-3">
      <div style={{ height }} className="relative">
        <ErrorBoundary>
          <Suspense>
            <Chart {...props} />
          </Suspense>
        </ErrorBoundary>
      </div>
      <DataTable {...props} />
    </div>
  );
}

/** The same for those who do not see the chart. */
function DataTable({ title, series, rows }: ChartProps) {
  return (
    <table className="sr-only">
      <caption>{title}</caption>
      <thead>
        <tr>
          <td />
          {series.map((each) => (
            <th key={each.key} scope="col">
              {each.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.full ?? row.label}</th>
            {series.map((each) => (
              <td key={each.key}>{each.format(row.values[each.key] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
