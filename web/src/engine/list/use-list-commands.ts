/** The keys of a list that work wherever the focus is; they are listed on the `?` sheet and can be bound anew. */
import { useLingui } from "@lingui/react/macro";
import { moved } from "@/engine/list/cursor";
import type { Choose } from "@/engine/list/selection";
import type { Grid } from "@/engine/list/use-grid";
import { useCommands } from "@/lib/keyboard";

export function useListCommands({
  grid,
  open,
  pickBox,
  choose,
  selectable,
  enabled,
}: {
  grid: Grid;
  open: (id: string) => void;
  pickBox: () => void;
  choose: Choose;
  selectable: boolean;
  enabled: boolean;
}): void {
  const { t } = useLingui();
  const group = t`List`;
  const size = { rows: grid.rows.count, cols: grid.cols.length, page: 10 };
  const go = (row: number) => {
    if (size.rows === 0) return;
    grid.focus();
    grid.place(moved(grid.cursor, { row, col: 0 }, size));
  };
  const doc = grid.rows.docAt(grid.cursor.at.row);
  const commands = [
    { id: "list.down", title: t`Next row`, group, keys: "j", hidden: true, run: () => go(1) },
    { id: "list.up", title: t`Previous row`, group, keys: "k", hidden: true, run: () => go(-1) },
    {
      id: "list.open",
      title: t`Open the record`,
      group,
      keys: "o",
      hidden: true,
      run: () => doc && open(doc.id),
    },
    {
      id: "list.edit",
      title: t`Edit the cell`,
      group,
      keys: "e",
      hidden: true,
      run: () => {
        grid.focus();
        grid.edit(grid.cursor.at);
      },
    },
    ...(selectable
      ? [
          {
            id: "list.select",
            title: t`Select the row`,
            group,
            keys: "x",
            hidden: true,
            run: pickBox,
          },
          {
            id: "list.selectAll",
            title: t`Select everything in the list`,
            group,
            keys: "mod+a",
            run: choose.everything,
          },
        ]
      : []),
  ];
  useCommands(enabled ? commands : NONE);
}

const NONE: [] = [];
