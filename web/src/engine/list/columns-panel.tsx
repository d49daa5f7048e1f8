/** Which columns a list shows and in which order: by drag, or with Alt and the arrow keys. */
import { useLingui } from "@lingui/react/macro";
import { GripVertical, Search } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { allColumns, resolveColumns } from "@/engine/list/columns";
import { columnsOf, moveColumn } from "@/engine/list/use-header";
import { type ChangeView, type Column, moduleState, type ViewState } from "@/engine/view-state";
import { cx } from "@/lib/cx";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Input } from "@/ui/field";

type Props = { definition: Definition; state: ViewState; change: ChangeView };

const KIND = "application/x-mainstay-column-item";

export function ColumnsPanel({ definition, state, change }: Props) {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const [said, setSaid] = useState("");
  const columns = columnsOf(resolveColumns(definition, state.columns), state);
  const known = allColumns(definition);
  const labelOf = (path: string) => known.find((each) => each.path === path)?.label ?? path;
  const fits = (path: string) => labelOf(path).toLowerCase().includes(words.trim().toLowerCase());
  const hidden = known
    .filter(({ path }) => !columns.some((column) => column.path === path))
    .filter(({ path }) => path !== definition.title);
  const move = (path: string, to: string, after: boolean) => {
    // The title stays at the head.
    const next = moveColumn(columns, path, to, after || to === definition.title);
    change({ columns: next });
    const place = next.findIndex((column) => column.path === path) + 1;
    setSaid(t`${labelOf(path)} is column ${place} of ${next.length}`);
  };
  return (
    <div className="flex w-[280px] flex-col gap-1 phone:w-full">
      <Input
        dense
        left={<Search size={14} />}
        placeholder={t`Find a field`}
        aria-label={t`Find a field`}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="max-h-[min(52vh,420px)] overflow-y-auto">
        <ul aria-label={t`Shown columns`}>
          {columns
            .filter((column) => fits(column.path))
            .map((column) => (
              <Item
                key={column.path}
                column={column}
                columns={columns}
                label={labelOf(column.path)}
                fixed={column.path === definition.title}
                onMove={move}
                onHide={() =>
                  change({ columns: columns.filter((each) => each.path !== column.path) })
                }
              />
            ))}
        </ul>
        {hidden.some(({ path }) => fits(path)) && (
          <p className="px-1.5 pb-1 pt-2 text-12 text-faint">{t`Not shown`}</p>
        )}
        <ul aria-label={t`Columns not shown`}>
          {hidden
            .filter(({ path }) => fits(path))
            .map(({ path, label }) => (
              <li
                key={path}
                className="flex h-8 items-center gap-2 rounded-[6px] pl-7 pr-1.5 hover:bg-hover"
              >
                <Checkbox
                  checked={false}
                  label={label}
                  onCheckedChange={() => change({ columns: [...columns, { path }] })}
                />
              </li>
            ))}
        </ul>
      </div>
      <div className="flex justify-between border-t border-line pt-2">
        <Button
          variant="ghost"
          size="sm"
          onClick={() => change({ columns: moduleState(definition).columns })}
        >{t`Reset`}</Button>
        <span className="self-center text-12 text-faint">{t`Alt+↑↓ moves`}</span>
      </div>
      <span className="sr-only" aria-live="polite">
        {said}
      </span>
    </div>
  );
}

function Item({
  column,
  columns,
  label,
  fixed,
  onMove,
  onHide,
}: {
  column: Column;
  columns: readonly Column[];
  label: string;
  fixed: boolean;
  onMove: (path: string, to: string, after: boolean) => void;
  onHide: () => void;
}) {
  const [over, setOver] = useState<"before" | "after" | null>(null);
  const { path } = column;
  const at = columns.findIndex((each) => each.path === path);
  const onKeyDown = (event: KeyboardEvent) => {
    const side = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const other = columns[at + side];
    if (!event.altKey || !side || !other || fixed) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(path, other.path, side > 0);
  };
  const half = (event: DragEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2 ? "after" : "before";
  };
  return (
    <li
      draggable={!fixed}
      onDragStart={(event) => event.dataTransfer.setData(KIND, path)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(KIND)) return;
        event.preventDefault();
        setOver(half(event));
      }}
      onDragLeave={() => setOver(null)}
      onDrop={(event) => {
        setOver(null);
        const moving = event.dataTransfer.getData(KIND);
        if (!moving || moving === path) return;
        event.preventDefault();
        onMove(moving, path, half(event) === "after");
      }}
      onKeyDown={onKeyDown}
      className={cx(
        "flex h-8 items-center gap-2 rounded-[6px] px-1.5 hover:bg-hover",
        over === "before" && "shadow-[inset_0_2px_0_var(--accent)]",
        over === "after" && "shadow-[inset_0_-2px_0_var(--accent)]",
      )}
    >
      <GripVertical
        size={14}
        aria-hidden
        className={cx("shrink-0 text-faint", fixed ? "opacity-0" : "cursor-grab")}
      />
      <Checkbox checked label={label} disabled={fixed} onCheckedChange={() => !fixed && onHide()} />
    </li>
  );
}
