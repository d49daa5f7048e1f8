/** The head of the grid: sorts, widens, moves and hides columns. */
import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, ChevronDown } from "lucide-react";
import { type DragEvent, lazy, memo, Suspense, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { ColumnEdge } from "@/engine/list/column-edge";
import { type Col, isSortable, type SortKey } from "@/engine/list/columns";
import { EDGE } from "@/engine/list/grid-row";
import { PickBox } from "@/engine/list/pick-box";
import { cx } from "@/lib/cx";

const ColumnMenu = lazy(async () => ({
  default: (await import("@/engine/list/column-menu")).ColumnMenu,
}));

export type HeaderApi = {
  sort: (path: string, add: boolean, down?: boolean) => void;
  resize: (path: string, width: number, done: boolean) => void;
  /** Puts a column before or after another. */
  move: (path: string, to: string, after: boolean) => void;
  hide: (path: string) => void;
  group: (path: string) => void;
  filter: (path: string) => void;
};

type Props = {
  id: string;
  definition: Definition;
  cols: readonly Col[];
  sort: readonly SortKey[];
  cursor: number;
  picked: "none" | "some" | "all";
  selectable: boolean;
  onPickAll: () => void;
  api: HeaderApi;
  /** The menu to add columns with, at the end. */
  children?: React.ReactNode;
};

export const GridHeader = memo(function GridHeader(props: Props) {
  const { id, cols, sort, cursor, picked, selectable, onPickAll, api, children } = props;
  const { t } = useLingui();
  const [over, setOver] = useState<{ path: string; after: boolean } | null>(null);
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={1}
      className="group/headrow sticky top-0 z-30 grid h-8 grid-cols-(--cols) border-b border-line bg-bg text-12 text-muted"
    >
      <div
        role="columnheader"
        tabIndex={-1}
        aria-colindex={1}
        aria-label={t`Selection`}
        className="sticky left-0 z-10 flex items-center justify-center bg-bg"
      >
        {selectable && (
          <PickBox
            checked={picked === "all"}
            mixed={picked === "some"}
            label={t`Select everything`}
            onToggle={onPickAll}
          />
        )}
      </div>
      {cols.map((col, at) => (
        <HeaderCell
          key={col.path}
          cellId={`${id}--1-${at}`}
          col={col}
          at={at}
          sorted={sort.findIndex((key) => key.path === col.path)}
          sort={sort}
          active={cursor === at}
          over={over?.path === col.path ? over : null}
          setOver={setOver}
          api={api}
        />
      ))}
      <div
        role="columnheader"
        tabIndex={-1}
        className="flex items-center px-1"
        aria-label={t`Add columns`}
      >
        {children}
      </div>
    </div>
  );
});

const DRAGGED = "application/x-mainstay-column";

function HeaderCell({
  cellId,
  col,
  at,
  sorted,
  sort,
  active,
  over,
  setOver,
  api,
}: {
  cellId: string;
  col: Col;
  at: number;
  sorted: number;
  sort: readonly SortKey[];
  active: boolean;
  over: { after: boolean } | null;
  setOver: (over: { path: string; after: boolean } | null) => void;
  api: HeaderApi;
}) {
  const { t } = useLingui();
  const key = sort[sorted];
  const sortable = isSortable(col.field);
  const drag = useDrag(col, setOver, api);
  const Arrow = key?.down ? ArrowDown : ArrowUp;
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      id={cellId}
      aria-colindex={at + 2}
      aria-sort={key ? (key.down ? "descending" : "ascending") : "none"}
      data-col={at}
      data-path={col.path}
      {...drag}
      className={cx(
        "group/head relative flex min-w-0 items-center gap-0.5 bg-bg hover:bg-hover",
        at === 0 && cx("sticky left-(--lead) z-10", EDGE),
        active && "ring-2 ring-edge ring-inset group-focus/grid:ring-accent",
        over &&
          (over.after
            ? "shadow-[inset_-2px_0_0_var(--accent)]"
            : "shadow-[inset_2px_0_0_var(--accent)]"),
      )}
    >
      <button
        type="button"
        tabIndex={-1}
        title={sortable ? t`Sort by ${col.label}. With Shift, also by others.` : col.label}
        onClick={(event) => sortable && api.sort(col.path, event.shiftKey)}
        className={cx(
          "flex h-full min-w-0 grow items-center gap-1 px-2.5 font-medium",
          col.view.align === "end" && "justify-end",
          key && "text-fg",
        )}
      >
        <span className="truncate">{col.label}</span>
        {key && <Arrow size={12} aria-hidden className="shrink-0" />}
        {key && sort.length > 1 && <span className="text-11 text-faint">{sorted + 1}</span>}
      </button>
      <HeaderMenu col={col} api={api} />
      <ColumnEdge col={col} onResize={api.resize} />
    </div>
  );
}

/** The menu is loaded when it is first asked for: a list has one in every column. */
function HeaderMenu({ col, api }: { col: Col; api: HeaderApi }) {
  const { t } = useLingui();
  const [wanted, setWanted] = useState(false);
  const face = (
    <button
      type="button"
      tabIndex={-1}
      data-menu=""
      aria-label={t`Column ${col.label}`}
      onClick={() => setWanted(true)}
      className={cx(
        "absolute right-1.5 flex size-5 items-center justify-center rounded-tag bg-hover text-muted opacity-0 hover:bg-active hover:text-fg focus-visible:opacity-100 group-hover/head:opacity-100 data-[popup-open]:opacity-100",
      )}
    >
      <ChevronDown size={13} />
    </button>
  );
  if (!wanted) return face;
  return (
    <Suspense fallback={face}>
      <ColumnMenu col={col} api={api} trigger={face} onClosed={() => setWanted(false)} />
    </Suspense>
  );
}

function useDrag(
  col: Col,
  setOver: (over: { path: string; after: boolean } | null) => void,
  api: HeaderApi,
) {
  if (col.isTitle) return {};
  const after = (event: DragEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2;
  };
  return {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.setData(DRAGGED, col.path);
      event.dataTransfer.effectAllowed = "move";
    },
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      setOver({ path: col.path, after: after(event) });
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      const path = event.dataTransfer.getData(DRAGGED);
      setOver(null);
      if (!path || path === col.path) return;
      event.preventDefault();
      api.move(path, col.path, after(event));
    },
    onDragEnd: () => setOver(null),
  };
}
