/** A column of a board: its head, and its cards page by page. */

import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { memo, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { cardsOf, cardsOptions } from "@/engine/board/cards";
import { ColumnCards } from "@/engine/board/column-cards";
import { CollapsedColumn, ColumnHead } from "@/engine/board/column-head";
import { useColumnName } from "@/engine/board/column-name";
import type { BoardColumn, Figures } from "@/engine/board/columns";
import { useBoard } from "@/engine/board/context";
import { useColumnDrop } from "@/engine/board/drag";
import { aggregateOptions } from "@/engine/documents";
import { cx } from "@/lib/cx";

export type ColumnProps = {
  column: BoardColumn;
  figures: Figures | undefined;
  /** How many cards each of the other columns holds. */
  others: readonly number[];
  limit: number | undefined;
  collapsed: boolean;
  /** The card the keyboard is on, when it is in this column. */
  current: string | null;
  dragged: string | null;
  phone: boolean;
};

export const Column = memo(function Column(props: ColumnProps) {
  const { column, figures, collapsed, dragged, phone } = props;
  const { query, id, movable, onCollapse } = useBoard();
  const nameOf = useColumnName();
  const { t } = useLingui();
  const ref = useRef<HTMLElement>(null);
  const seen = useSeen(ref);
  const over = useColumnDrop(ref, { board: id, value: column.value, enabled: movable });
  const cards = useInfiniteQuery({
    ...cardsOptions(query, column.value),
    enabled: seen && !collapsed,
  });
  const docs = useMemo(() => cardsOf(cards.data), [cards.data]);
  const since = useSince(docs.map((doc) => doc.id));
  const count = figures?.count ?? cards.data?.pages[0]?.totalDocs;
  const name = nameOf(column);
  if (collapsed) {
    return (
      <CollapsedColumn
        ref={ref}
        column={column}
        count={count}
        over={over}
        onOpen={() => onCollapse(column, false)}
      />
    );
  }
  return (
    <section
      ref={ref}
      data-column={column.value}
      aria-label={count === undefined ? name : t`${name}: ${count}`}
      className={cx(
        "flex max-h-full min-h-0 shrink-0 flex-col rounded-panel bg-side transition-colors duration-100",
        phone ? "h-full w-full snap-start snap-always" : "h-full w-[284px]",
        over && "bg-accent-tint/60 shadow-[inset_0_0_0_1px_var(--accent)]",
      )}
    >
      <ColumnHead
        column={column}
        count={count}
        figures={figures}
        others={props.others}
        limit={props.limit}
        phone={phone}
      />
      <ColumnCards
        column={column}
        docs={docs}
        cards={cards}
        current={props.current}
        dragged={dragged}
        since={since}
        over={over}
      />
    </section>
  );
});

/** True once it has been near the screen: columns far to the side are not asked for. */
function useSeen(ref: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || seen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: "0px 400px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, seen]);
  return seen;
}

/** Since when each card is in its column, where the module says how to know; else since it was made. */
function useSince(ids: readonly string[]): Map<string, string> | null {
  const { view } = useBoard();
  const spec = view?.since;
  const where = spec && {
    and: [
      { [spec.by]: { in: ids } },
      ...Object.entries(spec.where).map(([path, value]) => ({ [path]: { equals: value } })),
    ],
  };
  const { data } = useQuery({
    ...aggregateOptions(spec?.slug ?? "", {
      where,
      group: spec?.by,
      values: `max:${spec?.at ?? ""}`,
      limit: 1000,
    }),
    enabled: spec !== undefined && ids.length > 0,
    retry: false,
  });
  return useMemo(() => {
    if (!spec) return null;
    const entries = (data?.groups ?? []).flatMap((group) => {
      const at = group.max?.[spec.at];
      return typeof at === "string" ? [[String(group.key[spec.by]), at] as const] : [];
    });
    return new Map(entries);
  }, [data, spec]);
}
