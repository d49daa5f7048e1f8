/** The tools of a list: views, search, filter, order, groups, columns. */
import { useLingui } from "@lingui/react/macro";
import { ArrowUpDown, Columns3, Layers, ListFilter } from "lucide-react";
import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { readSort } from "@/engine/list/columns";
import { ColumnsButton } from "@/engine/list/columns-button";
import { PopSheet } from "@/engine/list/pop-sheet";
import { SearchBox } from "@/engine/list/search-box";
import { ViewTabs } from "@/engine/list/view-tabs";
import type { ChangeView, ViewState } from "@/engine/view-state";
import { countTests, type Filter } from "@/engine/where";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { useCommands } from "@/lib/keyboard";

const FilterBuilder = lazy(async () => ({
  default: (await import("@/engine/list/filter-builder")).FilterBuilder,
}));
const FilterChips = lazy(async () => ({
  default: (await import("@/engine/list/filter-chips")).FilterChips,
}));
const SortPanel = lazy(async () => ({
  default: (await import("@/engine/list/sort-panel")).SortPanel,
}));
const GroupPanel = lazy(async () => ({
  default: (await import("@/engine/list/group-panel")).GroupPanel,
}));

type Props = {
  definition: Definition;
  state: ViewState;
  change: ChangeView;
  filtering: boolean;
  onFiltering: (open: boolean) => void;
};

export function Toolbar({ definition, state, change, filtering, onFiltering }: Props) {
  const { t } = useLingui();
  const [sorting, setSorting] = useState(false);
  const [grouping, setGrouping] = useState(false);
  const count = countTests(state.filter);
  const keys = readSort(state.sort);
  const sorted = state.sort !== definition.defaultSort;
  const list = state.layout === "list";
  const plural = label(definition.labels.plural).toLowerCase();
  const set = (filter: Filter) => change({ filter });
  useCommands([
    {
      id: "list.filter",
      title: t`Filter the list`,
      group: t`List`,
      keys: "f",
      run: () => onFiltering(true),
    },
  ]);
  return (
    <>
      <div className="flex min-h-11 items-center gap-2 border-t border-line px-4 py-1.5 phone:flex-col phone:items-stretch phone:px-3">
        <ViewTabs definition={definition} state={state} change={change} />
        <div className="ml-auto flex shrink-0 items-center gap-1 phone:ml-0 phone:min-w-0 phone:shrink">
          <SearchBox
            value={state.q}
            label={t`Search in ${plural}`}
            onChange={(q) => change({ q })}
          />
          <PopSheet
            title={t`Filter`}
            open={filtering}
            onOpenChange={onFiltering}
            align="end"
            trigger={
              <Tool
                icon={<ListFilter size={15} />}
                name={t`Filter`}
                active={count > 0}
                count={count}
              />
            }
          >
            <FilterBuilder definition={definition} filter={state.filter} onChange={set} />
          </PopSheet>
          {state.layout !== "calendar" && (
            <PopSheet
              title={t`Sort`}
              open={sorting}
              onOpenChange={setSorting}
              align="end"
              trigger={
                <Tool
                  icon={<ArrowUpDown size={15} />}
                  name={t`Sort`}
                  active={sorted}
                  count={sorted && keys.length > 1 ? keys.length : 0}
                />
              }
            >
              <SortPanel definition={definition} state={state} change={change} />
            </PopSheet>
          )}
          {list && (
            <>
              <PopSheet
                title={t`Group`}
                open={grouping}
                onOpenChange={setGrouping}
                align="end"
                trigger={
                  <Tool icon={<Layers size={15} />} name={t`Group`} active={state.group !== null} />
                }
              >
                <GroupPanel definition={definition} state={state} change={change} />
              </PopSheet>
              <ColumnsButton definition={definition} state={state} change={change} align="end">
                <Tool
                  icon={<Columns3 size={15} />}
                  name={t`Columns`}
                  active={false}
                  className="phone:hidden"
                />
              </ColumnsButton>
            </>
          )}
        </div>
      </div>
      {state.filter.parts.length > 0 && (
        <Suspense fallback={<div className="h-10 border-t border-line" />}>
          <FilterChips
            definition={definition}
            filter={state.filter}
            onChange={set}
            onOpen={() => onFiltering(true)}
          />
        </Suspense>
      )}
    </>
  );
}

type ToolProps = ComponentProps<"button"> & {
  icon: ReactNode;
  name: string;
  active: boolean;
  count?: number;
};

/** A quiet button; what is in force is said by more than its color. */
function Tool({ icon, name, active, count = 0, className, ...rest }: ToolProps) {
  const { t } = useLingui();
  return (
    <button
      {...rest}
      type="button"
      title={name}
      className={cx(
        "flex h-7 shrink-0 items-center gap-1.5 rounded-control px-2 font-medium hover:bg-hover data-[popup-open]:bg-hover coarse:min-h-11 coarse:min-w-11 coarse:justify-center",
        active ? "text-accent-text" : "text-muted hover:text-fg",
        className,
      )}
    >
      {icon}
      <span className="max-xl:sr-only">{name}</span>
      {active && count === 0 && (
        <span className="size-1.5 rounded-full bg-accent">
          <span className="sr-only">{t`in use`}</span>
        </span>
      )}
      {count > 0 && (
        <span className="flex h-4 min-w-4 items-center justify-center rounded-full bg-accent-tint px-1 text-11 text-accent-text">
          {count}
        </span>
      )}
    </button>
  );
}
