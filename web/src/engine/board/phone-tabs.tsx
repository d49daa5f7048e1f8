/** On a phone one column is on screen at a time: tabs lead to the others, as swiping does. */
import { useLingui } from "@lingui/react/macro";
import { type RefObject, useEffect, useRef, useState } from "react";
import { ColumnName } from "@/engine/board/column-head";
import { useColumnName } from "@/engine/board/column-name";
import type { BoardColumn, Figures } from "@/engine/board/columns";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";

export function PhoneTabs({
  columns,
  figures,
  scroller,
}: {
  columns: readonly BoardColumn[];
  figures: ReadonlyMap<string, Figures>;
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const { t } = useLingui();
  const nameOf = useColumnName();
  const at = usePage(scroller);
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    strip.current?.children[at]?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [at]);
  const go = (index: number) => {
    const board = scroller.current;
    board?.scrollTo({ left: index * board.clientWidth, behavior: "smooth" });
  };
  return (
    <nav aria-label={t`Columns`} className="shrink-0 border-b border-line">
      <div ref={strip} className="flex gap-1 overflow-x-auto px-2 [scrollbar-width:none]">
        {columns.map((column, index) => (
          <button
            key={column.value}
            type="button"
            aria-current={index === at ? "true" : undefined}
            onClick={() => go(index)}
            className={cx(
              "flex h-11 shrink-0 items-center gap-1.5 border-b-2 px-2",
              index === at ? "border-fg" : "border-transparent",
            )}
          >
            <ColumnName column={column} name={nameOf(column)} />
            <span className="text-12 text-muted">
              {formatNumber(figures.get(column.value)?.count ?? 0)}
            </span>
          </button>
        ))}
      </div>
    </nav>
  );
}

/** The index of the column that is on screen. */
function usePage(scroller: RefObject<HTMLDivElement | null>): number {
  const [page, setPage] = useState(0);
  useEffect(() => {
    const board = scroller.current;
    if (!board) return;
    const follow = () => setPage(Math.round(board.scrollLeft / Math.max(1, board.clientWidth)));
    board.addEventListener("scroll", follow, { passive: true });
    return () => board.removeEventListener("scroll", follow);
  }, [scroller]);
  return page;
}
