/** The head of a group: its value, how many rows it has, the sums of its columns. */
import { useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { memo } from "react";
import type { Col } from "@/engine/list/columns";
import { isSummable } from "@/engine/list/columns";
import { figureText } from "@/engine/list/figures";
import { CELL, EDGE, ROW } from "@/engine/list/grid-row";
import { GroupLabel } from "@/engine/list/group-label";
import type { Group, GroupBy } from "@/engine/list/groups";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";

export const GroupRow = memo(function GroupRow({
  id,
  index,
  section,
  top,
  by,
  group,
  open,
  cols,
  cursor,
}: {
  id: string;
  index: number;
  section: number;
  top: number;
  by: GroupBy;
  group: Group;
  open: boolean;
  cols: readonly Col[];
  cursor: boolean;
}) {
  const { t } = useLingui();
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-expanded={open}
      aria-level={1}
      className={cx(ROW, "bg-side")}
      style={{ transform: `translateY(${top}px)` }}
      data-row={index}
      data-group={section}
    >
      <div
        role="gridcell"
        tabIndex={-1}
        className="sticky left-0 z-10 flex items-center justify-center bg-side"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={cx("text-faint transition-transform duration-100", open && "rotate-90")}
        />
      </div>
      {cols.map((col, at) => (
        <div
          key={col.path}
          role="gridcell"
          tabIndex={-1}
          id={`${id}-${index}-${at}`}
          data-col={at}
          className={cx(
            CELL,
            col.view.align === "end" && "justify-end",
            at === 0 && cx("sticky left-(--lead) z-10 gap-2 bg-side font-medium text-fg", EDGE),
            at === 0 &&
              cursor &&
              "after:pointer-events-none after:absolute after:inset-0 after:ring-2 after:ring-edge after:ring-inset group-focus/grid:after:ring-accent",
          )}
        >
          {at === 0 ? (
            <>
              <GroupLabel by={by} group={group} />
              <span className="text-12 font-normal text-muted" title={t`Records in this group`}>
                {formatNumber(group.count)}
              </span>
            </>
          ) : (
            isSummable(col.field) && (
              <span className="truncate text-12 text-muted">
                {figureText(group.figures.sum?.[col.path], col.field)}
              </span>
            )
          )}
        </div>
      ))}
    </div>
  );
});
