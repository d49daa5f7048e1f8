/** A board over any field with few values: its columns, cards that are dragged or carried by the keyboard. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Columns3 } from "lucide-react";
import { Suspense, useMemo, useRef } from "react";
import { BoardHead } from "@/engine/board/board-head";
import { BoardSkeleton } from "@/engine/board/board-skeleton";
import { cardFields, cardPaths } from "@/engine/board/card-fields";
import type { CardQuery } from "@/engine/board/cards";
import { Column } from "@/engine/board/column";
import { boardField, figuresOf, hasPosition, mayMove, NONE } from "@/engine/board/columns";
import { BoardContext, type BoardShared } from "@/engine/board/context";
import { PhoneTabs } from "@/engine/board/phone-tabs";
import { useBoardMoves } from "@/engine/board/use-board-moves";
import { useCollapsed } from "@/engine/board/use-collapsed";
import { boardViewOf, type Columns, useColumns } from "@/engine/board/use-columns";
import type { Definition, Field } from "@/engine/definitions";
import { type AggregateQuery, aggregateOptions } from "@/engine/documents";
import { viewOf } from "@/engine/modules";
import { useSession } from "@/engine/session";
import { populateOf, selectOf } from "@/engine/titles";
import { type ChangeView, type ViewState, whereOfState } from "@/engine/view-state";
import { cx } from "@/lib/cx";
import { usePhone } from "@/lib/media";
import { EmptyState, ErrorState } from "@/ui/empty";

export type BoardProps = { definition: Definition; state: ViewState; change: ChangeView };

export function Board(props: BoardProps) {
  const { t } = useLingui();
  const { definition, state } = props;
  const field = boardField(definition, state.by, viewOf(definition.slug)?.board?.by);
  if (!field) {
    return (
      <EmptyState
        icon={Columns3}
        title={t`No board here`}
        body={t`A board needs a field with few values, and this collection has none. Look at it as a list.`}
      />
    );
  }
  return <BoardOf key={field.name} {...props} field={field} />;
}

function BoardOf(props: BoardProps & { field: Field }) {
  const { definition, state, field } = props;
  const columns = useColumns(definition, field, state.lane);
  if (columns.error) return <ErrorState error={columns.error} onRetry={columns.retry} />;
  if (columns.pending) return <BoardSkeleton />;
  return (
    <Suspense fallback={<BoardSkeleton />}>
      <Shown {...props} columns={columns} />
    </Suspense>
  );
}

function useBoardQuery({ definition, state, field }: BoardProps & { field: Field }) {
  const { schema } = useSession();
  const view = boardViewOf(definition, field);
  return useMemo(() => {
    const paths = view?.fields ?? state.columns.map((column) => column.path);
    const fields = cardFields(definition, paths, field.name, view?.sum);
    const names = cardPaths(fields);
    const asked = definition.fields.filter((each) => names.includes(each.name));
    const ordered = hasPosition(definition) && view !== undefined;
    const also = ["status", "position"].filter((name) =>
      definition.fields.some((f) => f.name === name),
    );
    const query: CardQuery = {
      slug: definition.slug,
      by: field.name,
      where: whereOfState(state),
      q: state.q || undefined,
      sort: ordered ? "position,id" : "-updatedAt,id",
      select: selectOf([definition.title, field.name, "createdAt", ...also, ...names]),
      populate: populateOf(schema, [...asked, field]),
    };
    return { view, fields, query, ordered };
  }, [definition, field, view, state, schema]);
}

function Shown({
  definition,
  state,
  change,
  field,
  columns,
}: BoardProps & { field: Field; columns: Columns }) {
  const { t } = useLingui();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const { view, fields, query, ordered } = useBoardQuery({ definition, state, change, field });
  const asked: AggregateQuery = {
    where: query.where,
    q: query.q,
    group: field.name,
    values: view?.sum ? `count,sum:${view.sum}` : "count",
    limit: 200,
  };
  const options = aggregateOptions(definition.slug, asked);
  const counted = useQuery({ ...options, retry: false });
  const aggregate = counted.data;
  const figures = useMemo(
    () => figuresOf(aggregate, field.name, view?.sum),
    [aggregate, field, view],
  );
  // Cards without a value get a column only when there are some.
  const shown = useMemo(
    () =>
      columns.columns.filter((each) => each.value !== NONE || (figures.get(NONE)?.count ?? 0) > 0),
    [columns.columns, figures],
  );
  const [collapsed, setCollapsed] = useCollapsed(definition.slug, field.name);
  const moves = useBoardMoves({
    definition,
    query,
    view,
    figuresKey: options.queryKey,
    columns: shown,
    ordered,
    movable: mayMove(definition, field),
    collapsed,
    scroller,
  });
  const { onFocus, onMoveTo, reveal } = moves;
  const shared = useMemo<BoardShared>(
    () => ({
      id: `${definition.slug}.${field.name}`,
      definition,
      field,
      view,
      query,
      fields,
      columns: shown,
      ordered,
      movable: mayMove(definition, field),
      body: view?.card,
      onFocus,
      onMoveTo,
      onCollapse: (column, folded) => setCollapsed(column.value, folded),
      onLimit: (column, limit) => {
        const { [column.value]: _, ...others } = state.limits ?? {};
        change({ limits: limit === null ? others : { ...others, [column.value]: limit } });
      },
      reveal,
    }),
    [
      definition,
      field,
      view,
      query,
      fields,
      shown,
      ordered,
      onFocus,
      onMoveTo,
      reveal,
      setCollapsed,
      state.limits,
      change,
    ],
  );
  const Host = view?.host;
  return (
    <BoardContext value={shared}>
      <div className="flex min-h-0 grow flex-col">
        <BoardHead columns={columns} change={change} />
        {phone && <PhoneTabs columns={shown} figures={figures} scroller={scroller} />}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move among the links inside */}
        <div
          ref={scroller}
          onKeyDown={moves.onKeyDown}
          className={cx(
            "flex min-h-0 grow overflow-x-auto overflow-y-hidden overscroll-x-contain",
            phone ? "snap-x snap-mandatory" : "gap-3 p-3",
          )}
        >
          {shown.map((column) => (
            <Column
              key={column.value}
              column={column}
              figures={figures.get(column.value) ?? (aggregate ? EMPTY : undefined)}
              others={othersOf(shown, figures, column.value)}
              limit={state.limits?.[column.value]}
              collapsed={!phone && collapsed.has(column.value)}
              current={moves.current}
              dragged={moves.dragged}
              phone={phone}
            />
          ))}
          {columns.cut && (
            <p className="w-40 shrink-0 p-3 text-12 text-muted">{t`More values than columns: filter to see them.`}</p>
          )}
        </div>
        <p aria-live="assertive" className="sr-only">
          {moves.said}
        </p>
        {Host && <Host />}
      </div>
    </BoardContext>
  );
}

const EMPTY = { count: 0, sums: [], sum: null };

function othersOf(
  columns: Columns["columns"],
  figures: ReturnType<typeof figuresOf>,
  value: string,
): number[] {
  return columns
    .filter((each) => each.value !== value && each.value !== NONE)
    .map((each) => figures.get(each.value)?.count ?? 0);
}
