/** The grid: a window over any number of rows, one stop for the keyboard, every cell within reach. */
import { type CSSProperties, type ReactNode, type RefObject, useId } from "react";
import type { ListQuery } from "@/engine/documents";
import { readSort } from "@/engine/list/columns";
import { boxOf, HEAD, isOneCell } from "@/engine/list/cursor";
import { GridFooter } from "@/engine/list/grid-footer";
import { GridHeader, type HeaderApi } from "@/engine/list/grid-header";
import { GhostRow, GridRow } from "@/engine/list/grid-row";
import { GroupRow } from "@/engine/list/group-row";
import type { Groups } from "@/engine/list/groups";
import type { Range } from "@/engine/list/rows";
import { type Choose, sizeOf } from "@/engine/list/selection";
import type { Clipboard } from "@/engine/list/use-clipboard";
import type { Grid as GridState } from "@/engine/list/use-grid";
import { useGridKeys } from "@/engine/list/use-grid-keys";
import { useGridPointer } from "@/engine/list/use-grid-pointer";
import { LEAD, template } from "@/engine/list/use-header";
import type { Total, ViewState } from "@/engine/view-state";
import { label } from "@/lib/i18n";

type Props = {
  scroller: RefObject<HTMLDivElement | null>;
  grid: GridState;
  state: ViewState;
  query: Pick<ListQuery, "where" | "q">;
  groups: Groups | null;
  choose: Choose;
  header: HeaderApi;
  clipboard: Clipboard;
  range: Range;
  height: number;
  capped: boolean;
  selectable: boolean;
  onOpen: (id: string) => void;
  onPick: (row: number, range: boolean) => void;
  onPickBox: () => void;
  onTotal: (path: string, total: Total) => void;
  addColumns: ReactNode;
};

export function Grid(props: Props) {
  const { scroller, grid, groups, choose, header, clipboard, range, height, selectable } = props;
  const { definition, cols, rows, cursor } = grid;
  const id = useId();
  const onKeyDown = useGridKeys({
    grid,
    choose,
    groups,
    header,
    page: Math.max(1, range.last - range.first - 20),
    selectable,
    open: props.onOpen,
    clear: clipboard.clear,
    pick: props.onPickBox,
  });
  const pointer = useGridPointer(grid, groups, props.onPick, props.onOpen);
  const width = LEAD + cols.reduce((sum, col) => sum + col.width, 0) + 48;
  const seen =
    cursor.at.row === HEAD || (cursor.at.row >= range.first && cursor.at.row <= range.last);
  const style = {
    "--cols": template(cols),
    "--lead": `${LEAD}px`,
    "--row-height": `${height}px`,
  } as CSSProperties;
  const size = sizeOf(choose.selection, rows.count);
  const some = size > 0 ? "some" : "none";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a grid, whose role says so
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is a grid's in either case
    <div
      ref={scroller}
      data-scroller=""
      data-collection={definition.slug}
      role={groups ? "treegrid" : "grid"}
      tabIndex={0}
      aria-label={label(definition.labels.plural)}
      aria-rowcount={props.capped ? -1 : rows.count + 1}
      aria-colcount={cols.length + 1}
      aria-multiselectable={selectable || undefined}
      aria-busy={rows.stale || undefined}
      {...(seen ? { "aria-activedescendant": `${id}-${cursor.at.row}-${cursor.at.col}` } : {})}
      style={style}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === event.currentTarget && grid.activate()}
      onCopy={clipboard.onCopy}
      onPaste={clipboard.onPaste}
      onScroll={(event) => {
        event.currentTarget.toggleAttribute("data-scrolled", event.currentTarget.scrollLeft > 0);
      }}
      {...pointer}
      className="group/grid min-h-0 grow select-none overflow-auto outline-none [overflow-anchor:none]"
    >
      <div className="flex min-h-full flex-col" style={{ minWidth: width }}>
        <GridHeader
          id={id}
          definition={definition}
          cols={cols}
          sort={readSort(props.state.sort)}
          cursor={cursor.at.row === HEAD ? cursor.at.col : -1}
          picked={choose.selection.all && choose.selection.except.size === 0 ? "all" : some}
          selectable={selectable}
          onPickAll={size > 0 ? choose.clear : choose.everything}
          api={header}
        >
          {props.addColumns}
        </GridHeader>
        <div
          role="rowgroup"
          tabIndex={-1}
          className="relative shrink-0 grow outline-none"
          style={{ height: rows.count * height }}
        >
          <GridRows {...props} id={id} />
        </div>
        <GridFooter
          definition={definition}
          query={props.query}
          cols={cols}
          onTotal={props.onTotal}
        />
      </div>
    </div>
  );
}

/** The rows in sight, each told only what concerns it. */
function GridRows({ id, grid, groups, choose, range, height, selectable }: Props & { id: string }) {
  const { definition, cols, rows, cursor, active, editing, api } = grid;
  const box = boxOf(cursor);
  const stretched = !isOneCell(cursor);
  const out: ReactNode[] = [];
  // Rows that leave at one edge are drawn again at the other: changing an element is cheaper than making one.
  const pool = 2 ** Math.ceil(Math.log2(Math.max(2, range.last - range.first + 1)));
  for (let index = range.first; index <= Math.min(range.last, rows.count - 1); index++) {
    const row = rows.at(index);
    const top = index * height;
    const key = index % pool;
    const here = active && cursor.at.row === index ? cursor.at.col : -1;
    if (!row || rows.pending) {
      out.push(<GhostRow key={key} index={index} top={top} cols={cols} />);
    } else if (row.head !== undefined) {
      const group = groups?.groups[row.head];
      const section = groups?.sections[row.head];
      if (!group || !section || !groups) continue;
      out.push(
        <GroupRow
          key={key}
          id={id}
          index={index}
          section={row.head}
          top={top}
          by={groups.by}
          group={group}
          open={section.open}
          cols={cols}
          cursor={here >= 0}
        />,
      );
    } else if (!row.doc) {
      out.push(<GhostRow key={key} index={index} top={top} cols={cols} />);
    } else {
      const inside = stretched && index >= box.top && index <= box.bottom;
      const edits = editing?.row === index;
      out.push(
        <GridRow
          key={key}
          id={id}
          definition={definition}
          index={index}
          top={top}
          doc={row.doc}
          cols={cols}
          cursor={here}
          left={inside ? box.left : -1}
          right={inside ? box.right : -1}
          picked={choose.has(row.doc.id)}
          selectable={selectable}
          editing={edits ? editing.col : -1}
          clear={edits ? editing.clear : false}
          api={api}
        />,
      );
    }
  }
  return out;
}
