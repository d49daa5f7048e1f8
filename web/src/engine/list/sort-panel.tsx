/** By what a list is sorted, and then by what. */
import { useLingui } from "@lingui/react/macro";
import { ArrowUp, X } from "lucide-react";
import type { Definition } from "@/engine/definitions";
import { allColumns, isSortable, readSort, type SortKey, writeSort } from "@/engine/list/columns";
import type { ChangeView, ViewState } from "@/engine/view-state";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/select";

type Props = { definition: Definition; state: ViewState; change: ChangeView };

export function SortPanel({ definition, state, change }: Props) {
  const { t } = useLingui();
  const keys = readSort(state.sort);
  const fields = allColumns(definition).filter(({ field }) => isSortable(field));
  const set = (next: SortKey[]) => change({ sort: writeSort(next) || definition.defaultSort });
  const free = fields.filter(({ path }) => !keys.some((key) => key.path === path));
  const options = (path: string) =>
    fields
      .filter((each) => each.path === path || free.includes(each))
      .map((each) => ({ value: each.path, label: each.label }));
  const directions = [
    { value: "up" as const, label: t`Ascending` },
    { value: "down" as const, label: t`Descending` },
  ];
  return (
    <div className="grid w-[400px] max-w-full gap-2 phone:w-full">
      {keys.map((key, at) => (
        <div key={key.path} className="flex items-center gap-1.5">
          <div className="min-w-0 grow">
            <Select
              dense
              aria-label={at === 0 ? t`Sort by` : t`Then by`}
              value={key.path}
              options={options(key.path)}
              onChange={(path) => path && set(keys.with(at, { ...key, path }))}
            />
          </div>
          <div className="w-[124px] shrink-0">
            <Select
              dense
              aria-label={t`Direction`}
              value={key.down ? "down" : "up"}
              options={directions}
              onChange={(next) => set(keys.with(at, { ...key, down: next === "down" }))}
            />
          </div>
          <IconButton
            label={t`More important`}
            disabled={at === 0}
            onClick={() => set(keys.toSpliced(at, 1).toSpliced(at - 1, 0, key))}
          >
            <ArrowUp size={14} />
          </IconButton>
          <IconButton label={t`Remove`} onClick={() => set(keys.toSpliced(at, 1))}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <div className="w-[200px]">
        <Select
          key={keys.length}
          dense
          value={null}
          aria-label={t`Add a field to sort by`}
          placeholder={keys.length === 0 ? t`Sort by…` : t`Then by…`}
          options={free.map((each) => ({ value: each.path, label: each.label }))}
          onChange={(path) => path && set([...keys, { path, down: false }])}
        />
      </div>
      {state.sort !== definition.defaultSort && (
        <div className="border-t border-line pt-2">
          <Button
            variant="ghost"
            size="sm"
            onClick={() => change({ sort: definition.defaultSort })}
          >
            {t`Back to the usual order`}
          </Button>
        </div>
      )}
    </div>
  );
}
