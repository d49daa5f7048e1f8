/** A collection as a list: the grid at a desk, cards on a phone, and what is done with chosen rows. */
import { useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { lazy, type RefObject, Suspense, useCallback, useEffect, useMemo, useRef } from "react";
import type { Definition } from "@/engine/definitions";
import type { ListQuery } from "@/engine/documents";
import { Cards } from "@/engine/list/cards";
import { useColumns, useShape } from "@/engine/list/columns";
import { ColumnsButton } from "@/engine/list/columns-button";
import { boxOf } from "@/engine/list/cursor";
import { NoMatch, NoRecords } from "@/engine/list/empty-list";
import { Grid } from "@/engine/list/grid";
import { useGroups } from "@/engine/list/groups";
import { type Rows, useRows } from "@/engine/list/rows";
import { useSelection } from "@/engine/list/selection";
import { useClipboard } from "@/engine/list/use-clipboard";
import { useGrid } from "@/engine/list/use-grid";
import { columnsOf, LEAD, useHeader } from "@/engine/list/use-header";
import { useListCommands } from "@/engine/list/use-list-commands";
import { usePhone } from "@/engine/list/use-phone";
import { CARD_HEIGHT, useRowHeight, useWindow } from "@/engine/list/window";
import { useOpenRecord } from "@/engine/record-link";
import { type ChangeView, type Total, type ViewState, whereOfState } from "@/engine/view-state";
import { ErrorState } from "@/ui/empty";
import { useLasting } from "@/ui/progress";

const BulkBar = lazy(async () => ({ default: (await import("@/engine/list/bulk-bar")).BulkBar }));
const PasteDialog = lazy(async () => ({
  default: (await import("@/engine/list/paste-dialog")).PasteDialog,
}));

/** Rows that stand in for those that are on their way. */
const GHOSTS = 24;

export type ListTotal = { count: number; capped: boolean };

type Props = {
  definition: Definition;
  state: ViewState;
  change: ChangeView;
  onTotal: (total: ListTotal | null) => void;
  onFilter: (path: string) => void;
};

export function ListLayout({ definition, state, change, onTotal, onFilter }: Props) {
  const { t } = useLingui();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const height = phone ? CARD_HEIGHT : rowHeight;
  const cols = useColumns(definition, state.columns);
  const query = useListQuery(definition, state, cols);
  const range = useWindow(scroller, height);
  const groups = useGroups(definition, state.group, query, cols);
  const found = useRows(definition, query, groups?.sections ?? null, range);
  const rows = useGhosts(found, groups?.pending ?? false);
  const scope = JSON.stringify([query.where, query.q]);
  const choose = useSelection(scope);
  const selectable = definition.permissions.update || definition.permissions.delete;
  const stuck = LEAD + (cols[0]?.width ?? 0);
  const grid = useGrid({ definition, cols, rows, scroller, height, stuck });
  const clipboard = useClipboard(definition, grid, choose.selection.docs);
  const header = useHeader({ definition, cols, state, change, scroller, onFilter });
  const openRecord = useOpenRecord();
  const open = (id: string) => openRecord(definition.slug, id);
  const pick = usePick(rows, choose.toggle);
  const box = boxOf(grid.cursor);
  const pickBox = async () => choose.toggle(await rows.between(box.top, box.bottom));
  useFromTheTop(scroller, `${scope}${state.sort}${state.group}`);
  useReported(groups ? groups.total : found.total, !groups && found.capped, onTotal);
  useListCommands({
    grid,
    open,
    pickBox: () => void pickBox(),
    choose,
    selectable,
    enabled: !phone,
  });
  const setTotal = useCallback(
    (path: string, total: Total) => {
      const columns = columnsOf(cols, state);
      change({ columns: columns.map((each) => (each.path === path ? { ...each, total } : each)) });
    },
    [cols, state, change],
  );
  const failed = groups?.error ?? found.error;
  const nothing = !rows.pending && rows.count === 0 && !failed && !rows.stale && !groups?.pending;
  const filtered = state.q !== "" || query.where !== undefined;
  if (failed && rows.count === 0) {
    return <ErrorState error={failed} onRetry={groups?.error ? groups.retry : found.retry} />;
  }
  if (nothing) {
    return filtered ? (
      <NoMatch onClear={() => change({ q: "", filter: { join: "and", parts: [] } })} />
    ) : (
      <NoRecords definition={definition} />
    );
  }
  return (
    <div className="relative flex min-h-0 grow flex-col">
      {phone ? (
        <Cards
          scroller={scroller}
          definition={definition}
          cols={cols}
          rows={rows}
          groups={groups}
          range={range}
          choose={choose}
          selectable={selectable}
        />
      ) : (
        <Grid
          scroller={scroller}
          grid={grid}
          state={state}
          query={query}
          groups={groups}
          choose={choose}
          header={header}
          clipboard={clipboard}
          range={range}
          height={height}
          capped={found.capped}
          selectable={selectable}
          onOpen={open}
          onPick={pick}
          onPickBox={() => void pickBox()}
          onTotal={setTotal}
          addColumns={
            <ColumnsButton definition={definition} state={state} change={change} align="end">
              <button
                type="button"
                tabIndex={-1}
                aria-label={t`Choose columns`}
                className="flex size-6 items-center justify-center rounded-tag text-faint hover:bg-hover hover:text-fg"
              >
                <Plus size={14} />
              </button>
            </ColumnsButton>
          }
        />
      )}
      <Suspense>
        {(choose.selection.all || choose.selection.docs.size > 0) && (
          <BulkBar
            definition={definition}
            choose={choose}
            cols={cols}
            query={query}
            total={groups?.total ?? rows.count}
            capped={found.capped}
            onOpen={open}
          />
        )}
        {clipboard.plan && (
          <PasteDialog
            definition={definition}
            plan={clipboard.plan}
            onApply={clipboard.apply}
            onDismiss={() => {
              clipboard.dismiss();
              grid.focus();
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

function useListQuery(
  definition: Definition,
  state: ViewState,
  cols: ReturnType<typeof useColumns>,
): ListQuery {
  const { select, populate } = useShape(definition, cols);
  const key = JSON.stringify([whereOfState(state), state.q.trim(), state.sort, select, populate]);
  // The same question is the same object: a filter that says nothing yet asks nothing new.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` holds all of it
  return useMemo<ListQuery>(() => {
    const where = whereOfState(state);
    const q = state.q.trim();
    return {
      ...(where ? { where } : {}),
      ...(q ? { q } : {}),
      sort: state.sort,
      select,
      populate,
      depth: 1,
    };
  }, [key]);
}

/** Before anything has been answered, and only when that takes a while, rows without content. */
function useGhosts(rows: Rows, pending: boolean): Rows {
  const waiting = rows.pending || pending;
  const lasting = useLasting(waiting);
  return waiting ? { ...rows, count: lasting ? GHOSTS : 0, pending: true } : rows;
}

/** Chooses a row, or with Shift all from the one chosen before. */
function usePick(
  rows: Rows,
  toggle: (docs: Awaited<ReturnType<Rows["between"]>>, on?: boolean) => void,
) {
  const last = useRef<number | null>(null);
  return async (row: number, range: boolean) => {
    const from = last.current;
    last.current = row;
    if (range && from !== null) {
      toggle(await rows.between(from, row), true);
      return;
    }
    const doc = rows.docAt(row);
    if (doc) toggle([doc]);
  };
}

function useFromTheTop(scroller: RefObject<HTMLDivElement | null>, key: string): void {
  const former = useRef(key);
  useEffect(() => {
    if (former.current === key) return;
    former.current = key;
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [key, scroller]);
}

/** Tells the page how many there are, for its head. */
function useReported(
  total: number | null,
  capped: boolean,
  report: (total: ListTotal | null) => void,
): void {
  useEffect(() => {
    report(total === null ? null : { count: total, capped });
  }, [total, capped, report]);
}
