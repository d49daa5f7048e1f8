/** The foot of the grid: what each column comes to over everything that matches. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, memo, Suspense, useState } from "react";
import type { Definition } from "@/engine/definitions";
import {
  type AggregateGroup,
  type AggregateQuery,
  aggregateOptions,
  type ListQuery,
} from "@/engine/documents";
import { type Col, isSummable } from "@/engine/list/columns";
import { figureText, figureTitle } from "@/engine/list/figures";
import { EDGE } from "@/engine/list/grid-row";
import { isDated } from "@/engine/list/groups";
import type { Total } from "@/engine/view-state";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";

const TotalMenu = lazy(async () => ({
  default: (await import("@/engine/list/total-menu")).TotalMenu,
}));

/** What a column can be reduced to. */
export function totalsOf(col: Col): Total[] {
  if (isSummable(col.field)) return ["sum", "avg", "min", "max", "count", "none"];
  if (isDated(col.field) && !col.field.many) return ["min", "max", "count", "none"];
  return ["count", "none"];
}

export function totalOf(col: Col): Total {
  if (col.total) return col.total;
  return isSummable(col.field) ? "sum" : col.isTitle ? "count" : "none";
}

export function useTotals(
  definition: Definition,
  query: Pick<ListQuery, "where" | "q">,
  cols: readonly Col[],
) {
  const values = cols
    .map((col) => ({ col, total: totalOf(col) }))
    .filter(({ total }) => total !== "none" && total !== "count")
    .map(({ col, total }) => `${total}:${col.path}`);
  const asked: AggregateQuery = {
    where: query.where,
    q: query.q,
    values: ["count", ...values.sort()].join(","),
  };
  return useQuery(aggregateOptions(definition.slug, asked)).data?.total;
}

export const GridFooter = memo(function GridFooter({
  definition,
  query,
  cols,
  onTotal,
}: {
  definition: Definition;
  query: Pick<ListQuery, "where" | "q">;
  cols: readonly Col[];
  onTotal: (path: string, total: Total) => void;
}) {
  const { t } = useLingui();
  const found = useTotals(definition, query, cols);
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-label={t`Totals`}
      className="sticky bottom-0 z-30 grid h-8 grid-cols-(--cols) border-t border-line bg-bg text-12 text-muted"
    >
      <div role="gridcell" tabIndex={-1} className="sticky left-0 z-10 bg-bg" />
      {cols.map((col, at) => (
        <div
          key={col.path}
          role="gridcell"
          tabIndex={-1}
          className={cx(
            "group/foot min-w-0 bg-bg",
            at === 0 && cx("sticky left-(--lead) z-10", EDGE),
          )}
        >
          <FootCell col={col} found={found} onTotal={onTotal} />
        </div>
      ))}
    </div>
  );
});

type Found = Omit<AggregateGroup, "key"> | undefined;

function FootCell({
  col,
  found,
  onTotal,
}: {
  col: Col;
  found: Found;
  onTotal: (path: string, total: Total) => void;
}) {
  const { t } = useLingui();
  const [wanted, setWanted] = useState(false);
  const total = totalOf(col);
  const figure = total === "none" || total === "count" ? found?.count : found?.[total]?.[col.path];
  const text = total === "count" ? formatNumber(found?.count ?? 0) : figureText(figure, col.field);
  const name = {
    count: t`Count`,
    sum: t`Sum`,
    avg: t`Average`,
    min: t`Least`,
    max: t`Most`,
    none: "",
  }[total];
  const face = (
    <button
      type="button"
      tabIndex={-1}
      title={figureTitle(figure)}
      onClick={() => setWanted(true)}
      className={cx(
        "flex h-full w-full min-w-0 items-center gap-1.5 px-2.5 hover:bg-hover data-[popup-open]:bg-hover",
        col.view.align === "end" && "justify-end",
      )}
    >
      <span className="sr-only">{col.label}</span>
      {total === "none" || !found ? (
        <span className="text-faint opacity-0 group-hover/foot:opacity-100">{t`Calculate`}</span>
      ) : (
        <>
          <span className="truncate text-faint">{name}</span>
          <span className="truncate font-medium text-fg tabular-nums">{text || "–"}</span>
        </>
      )}
    </button>
  );
  if (!wanted) return face;
  return (
    <Suspense fallback={face}>
      <TotalMenu
        trigger={face}
        chosen={total}
        totals={totalsOf(col)}
        onChoose={(next) => onTotal(col.path, next)}
        onClosed={() => setWanted(false)}
      />
    </Suspense>
  );
}
