/** A row of the grid. It draws again only when something of its own changes. */
import { useLingui } from "@lingui/react/macro";
import { ExternalLink, Mail, Phone } from "lucide-react";
import { memo } from "react";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import { CellEditor, type Then } from "@/engine/list/cell-editor";
import { type Col, whyNot } from "@/engine/list/columns";
import { PickBox } from "@/engine/list/pick-box";
import { TitleCell } from "@/engine/list/title-cell";
import { titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";

export type Editing = { row: number; col: number; clear: boolean };

/** One object for as long as the grid lives: rows are not drawn again for its sake. */
export type RowApi = {
  commit: (doc: Doc, col: Col, value: unknown, then: Then) => void;
  cancel: () => void;
};

export type RowProps = {
  id: string;
  definition: Definition;
  index: number;
  top: number;
  doc: Doc;
  cols: readonly Col[];
  /** Column of the cursor, −1 when it stands in another row. */
  cursor: number;
  /** First and last column of a rectangle of cells, −1 without one. */
  left: number;
  right: number;
  picked: boolean;
  selectable: boolean;
  editing: number;
  clear: boolean;
  api: RowApi;
};

export const ROW =
  "group/row absolute inset-x-0 grid h-(--row-height) grid-cols-(--cols) border-b border-line";
export const CELL = "group/cell relative flex min-w-0 items-center px-2.5";
const STUCK = "sticky z-10";
/** A hairline beside what stays, while the rest has moved under it. */
export const EDGE = "group-data-scrolled/grid:shadow-[1px_0_0_var(--line)]";

export const GridRow = memo(function GridRow(props: RowProps) {
  const { id, definition, index, top, doc, cols, cursor, picked, selectable } = props;
  const { t } = useLingui();
  const name = titleOf(definition, doc);
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selectable ? picked : undefined}
      className={cx(
        ROW,
        "outline-none",
        picked ? "bg-accent-tint" : cursor >= 0 ? "bg-hover" : "hover:bg-hover",
      )}
      style={{ transform: `translateY(${top}px)` }}
      data-row={index}
    >
      <div
        role="gridcell"
        tabIndex={-1}
        aria-colindex={1}
        className={cx(STUCK, "left-0 flex items-center justify-center", stuckTone(picked, cursor))}
      >
        {selectable && <PickBox checked={picked} label={t`Select ${name}`} />}
      </div>
      {cols.map((col, at) => (
        <GridCell key={col.path} {...props} cellId={`${id}-${index}-${at}`} col={col} at={at} />
      ))}
    </div>
  );
});

/** What a row is about is read first: related records and amounts before the rest. */
function isMain({ field }: Col): boolean {
  return field.type === "money" || (field.type === "relationship" && field.relationTo !== "users");
}

/** What stays in sight while the row moves below it needs the row's own ground. */
function stuckTone(picked: boolean, cursor: number): string {
  if (picked) return "bg-accent-tint";
  return cursor >= 0 ? "bg-hover" : "bg-bg group-hover/row:bg-hover";
}

function GridCell({
  cellId,
  definition,
  doc,
  col,
  at,
  cursor,
  left,
  right,
  picked,
  editing,
  clear,
  api,
}: RowProps & { cellId: string; col: Col; at: number }) {
  const why = whyNot(definition, col, doc);
  const inBox = at >= left && at <= right;
  return (
    <div
      role="gridcell"
      tabIndex={-1}
      id={cellId}
      aria-colindex={at + 2}
      aria-readonly={why !== null}
      data-col={at}
      {...(why && !col.isTitle ? { title: why } : {})}
      className={cx(
        CELL,
        col.view.align === "end" && "justify-end text-fg",
        editing !== at && "overflow-hidden",
        at === 0
          ? cx(STUCK, "left-(--lead)", inBox ? "" : stuckTone(picked, cursor))
          : !isMain(col) && "text-muted",
        at === 0 && EDGE,
        editing === at && "z-20",
        inBox && "bg-accent-tint",
        cursor === at &&
          "after:pointer-events-none after:absolute after:inset-0 after:ring-2 after:ring-edge after:ring-inset group-focus/grid:after:ring-accent",
      )}
    >
      {editing === at ? (
        <CellEditor
          definition={definition}
          col={col}
          doc={doc}
          clear={clear}
          onCommit={(value, then) => api.commit(doc, col, value, then)}
          onCancel={api.cancel}
        />
      ) : (
        <CellValue definition={definition} doc={doc} col={col} />
      )}
    </div>
  );
}

const CellValue = memo(function CellValue({
  definition,
  doc,
  col,
}: {
  definition: Definition;
  doc: Doc;
  col: Col;
}) {
  if (col.isTitle) return <TitleCell definition={definition} doc={doc} />;
  const value = valueAt(doc, col.path);
  if (isEmpty(value)) return null;
  const { Display } = col.view;
  return (
    <>
      <Display field={col.field} value={value} />
      <Reach type={col.field.type} value={value} />
    </>
  );
});

/** Writing to an address, calling a number, opening a page: shown under the pointer. */
function Reach({ type, value }: { type: string; value: unknown }) {
  const { t } = useLingui();
  if (typeof value !== "string") return null;
  const [href, Icon, says] =
    type === "email"
      ? [`mailto:${encodeURI(value)}`, Mail, t`Write to ${value}`]
      : type === "phone"
        ? [`tel:${value.replace(/[^+\d]/g, "")}`, Phone, t`Call ${value}`]
        : type === "url" && /^https?:/i.test(value)
          ? [value, ExternalLink, t`Open ${value}`]
          : [null, null, ""];
  if (!href) return null;
  return (
    <a
      href={href}
      data-go=""
      tabIndex={-1}
      aria-label={says}
      title={says}
      {...(type === "url" ? { target: "_blank", rel: "noopener noreferrer" } : {})}
      className="absolute right-1 hidden size-6 group-hover/cell:flex items-center justify-center rounded-tag bg-bg text-muted shadow-control hover:text-fg"
    >
      <Icon size={13} />
    </a>
  );
}

/** A row that is on its way. */
export const GhostRow = memo(function GhostRow({
  index,
  top,
  cols,
}: {
  index: number;
  top: number;
  cols: readonly Col[];
}) {
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-busy="true"
      className={ROW}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" tabIndex={-1} />
      {cols.map((col, at) => (
        <div
          key={col.path}
          role="gridcell"
          tabIndex={-1}
          className={cx(CELL, at === 0 && "sticky left-(--lead) z-10 bg-bg")}
        >
          <span
            className="h-2.5 rounded-full bg-hover"
            style={{ width: `${40 + ((index * 7 + at * 13) % 5) * 10}%` }}
          />
        </div>
      ))}
    </div>
  );
});
