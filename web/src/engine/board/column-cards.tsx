/** The cards of a column: only those on screen are drawn, the next page comes before the last card does. */

import { useLingui } from "@lingui/react/macro";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import { Card } from "@/engine/board/card";
import type { BoardColumn } from "@/engine/board/columns";
import { useBoard } from "@/engine/board/context";
import type { Doc } from "@/engine/definitions";
import type { Page } from "@/engine/documents";
import { ErrorState } from "@/ui/empty";
import { Spinner } from "@/ui/progress";
import { Skeleton } from "@/ui/skeleton";

const GAP = 8;
/** A title, a company, a foot. */
const USUAL = 96;
/** So near to the end, the next page is asked for. */
const AHEAD = 8;

type Cards = UseInfiniteQueryResult<InfiniteData<Page>>;

export function ColumnCards({
  column,
  docs,
  cards,
  current,
  dragged,
  since,
  over,
}: {
  column: BoardColumn;
  docs: readonly Doc[];
  cards: Cards;
  current: string | null;
  dragged: string | null;
  since: Map<string, string> | null;
  over: boolean;
}) {
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const board = useBoard();
  const { definition, fields, columns, id, ordered, movable, body, onFocus, onMoveTo } = board;
  const tabbable = docs.some((doc) => doc.id === current) ? current : docs[0]?.id;
  const kept = [dragged, current].map((each) => docs.findIndex((doc) => doc.id === each));
  const virtual = useVirtualizer({
    count: docs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL,
    gap: GAP,
    overscan: 4,
    getItemKey: (index) => docs[index]?.id ?? index,
    rangeExtractor: useKeeping(kept),
  });
  useReveal(column.value, virtual.scrollToIndex);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = cards;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= docs.length - AHEAD) void fetchNextPage();
  }, [last, docs.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (cards.isPending && cards.fetchStatus !== "idle") return <Waiting />;
  if (cards.isError && docs.length === 0) {
    return <ErrorState error={cards.error} onRetry={() => void cards.refetch()} />;
  }
  return (
    <div
      ref={scroller}
      data-cards={column.value}
      className="min-h-0 grow overflow-y-auto overscroll-y-contain px-2 pb-2 pt-0.5"
    >
      {docs.length === 0 && !cards.isPending && (
        <p className="m-1 rounded-card border border-dashed border-edge px-3 py-5 text-center text-12 text-muted">
          {over ? t`Drop it here` : t`Nothing here`}
        </p>
      )}
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const doc = docs[item.index];
          if (!doc) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Card
                doc={doc}
                definition={definition}
                fields={fields}
                column={column}
                columns={columns}
                board={id}
                ordered={ordered}
                movable={movable}
                current={doc.id === tabbable}
                since={since ? (since.get(doc.id) ?? doc.createdAt) : undefined}
                body={body}
                onFocus={onFocus}
                onMoveTo={onMoveTo}
              />
            </li>
          );
        })}
      </ul>
      {isFetchingNextPage && (
        <div className="flex justify-center py-3">
          <Spinner />
        </div>
      )}
    </div>
  );
}

/** The card that is dragged or has the focus stays drawn when it is scrolled away. */
function useKeeping(kept: readonly number[]): (range: Range) => number[] {
  const latest = useRef(kept);
  latest.current = kept;
  return useCallback((range: Range) => {
    const wanted = latest.current.filter((index) => index >= 0 && index < range.count);
    return [...new Set([...defaultRangeExtractor(range), ...wanted])].sort((a, b) => a - b);
  }, []);
}

function useReveal(value: string, scrollTo: (index: number) => void): void {
  const { reveal } = useBoard();
  const latest = useRef(scrollTo);
  latest.current = scrollTo;
  useEffect(() => {
    reveal.set(value, (index) => latest.current(index));
    return () => {
      reveal.delete(value);
    };
  }, [reveal, value]);
}

function Waiting() {
  return (
    <div className="grid gap-2 px-2" aria-busy="true">
      {[88, 88, 88].map((height, at) => (
        <Skeleton key={at} className="w-full rounded-card" style={{ height }} />
      ))}
    </div>
  );
}
