/** What the head of the grid changes in the view: order, widths, sorting. */
import { type RefObject, useMemo } from "react";
import type { Definition } from "@/engine/definitions";
import { type Col, readSort, writeSort } from "@/engine/list/columns";
import type { HeaderApi } from "@/engine/list/grid-header";
import { readGroup, writeGroup } from "@/engine/list/groups";
import type { ChangeView, Column, ViewState } from "@/engine/view-state";

export const LEAD = 40;

/** The widths of a row's columns, the box before and the empty room after them included. */
export function template(
  cols: readonly Pick<Col, "path" | "width">[],
  other?: { path: string; width: number },
): string {
  const widths = cols.map((col) => `${col.path === other?.path ? other.width : col.width}px`);
  return `${LEAD}px ${widths.join(" ")} minmax(48px, 1fr)`;
}

/** The columns as the view keeps them, the title at its head. */
export function columnsOf(cols: readonly Col[], state: ViewState): Column[] {
  const held = new Map(state.columns.map((column) => [column.path, column]));
  return cols.map((col) => held.get(col.path) ?? { path: col.path });
}

export function moveColumn(
  columns: readonly Column[],
  path: string,
  to: string,
  after: boolean,
): Column[] {
  const moving = columns.find((column) => column.path === path);
  if (!moving || path === to) return [...columns];
  const others = columns.filter((column) => column.path !== path);
  const at = others.findIndex((column) => column.path === to);
  return others.toSpliced(at + (after ? 1 : 0), 0, moving);
}

/** One more click: up, down, not at all. With `add` beside the other keys. */
export function nextSort(sort: string, path: string, add: boolean, down?: boolean): string {
  const keys = readSort(sort);
  const held = keys.find((key) => key.path === path);
  if (down !== undefined) return writeSort([{ path, down }]);
  if (!held) return writeSort(add ? [...keys, { path, down: false }] : [{ path, down: false }]);
  const others = add ? keys.filter((key) => key.path !== path) : [];
  if (!held.down) {
    const turned = add
      ? keys.map((key) => (key === held ? { path, down: true } : key))
      : [{ path, down: true }];
    return writeSort(turned);
  }
  return writeSort(others);
}

export function useHeader({
  definition,
  cols,
  state,
  change,
  scroller,
  onFilter,
}: {
  definition: Definition;
  cols: readonly Col[];
  state: ViewState;
  change: ChangeView;
  scroller: RefObject<HTMLDivElement | null>;
  onFilter: (path: string) => void;
}): HeaderApi {
  return useMemo(() => {
    const columns = columnsOf(cols, state);
    return {
      sort: (path, add, down) =>
        change({ sort: nextSort(state.sort, path, add, down) || definition.defaultSort }),
      resize: (path, width, done) => {
        // While it is pulled only the widths change; nothing is drawn again.
        if (!done) {
          scroller.current?.style.setProperty("--cols", template(cols, { path, width }));
          return;
        }
        const next = columns.map((column) => {
          if (column.path !== path) return column;
          const { width: _, ...rest } = column;
          return width > 0 ? { ...rest, width: Math.round(width) } : rest;
        });
        change({ columns: next });
      },
      move: (path, to, after) => change({ columns: moveColumn(columns, path, to, after) }),
      hide: (path) => change({ columns: columns.filter((column) => column.path !== path) }),
      group: (path) => {
        const by = readGroup(definition, path);
        if (by) change({ group: writeGroup(by) });
      },
      filter: onFilter,
    };
  }, [definition, cols, state, change, scroller, onFilter]);
}
