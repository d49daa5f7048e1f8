/**
 * What is shown of a collection and how. It lives wholly in the address, so that every view is a link;
 * what the address leaves out comes from the saved view, the module's view, the definition, in this order.
 */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { type Definition, fieldAt, leafFields } from "@/engine/definitions";
import { isChanged, readState, VIEW_PARAMS, writeState } from "@/engine/list/view-codec";
import { type Layout, viewOf } from "@/engine/modules";
import { type SavedView, useDefaultView, useSavedViews } from "@/engine/saved-views";
import { EMPTY, type Filter, whereOf } from "@/engine/where";
import type { QueryValue } from "@/lib/query-string";

/** What the foot of a column says of all rows. */
export type Total = "count" | "sum" | "avg" | "min" | "max" | "none";

export type Column = { path: string; width?: number; total?: Total };

export type ViewState = {
  layout: Layout;
  /** The saved view this started from; null is everything. */
  view: string | null;
  q: string;
  filter: Filter;
  sort: string;
  columns: Column[];
  /** The field whose values the list is grouped by. */
  group: string | null;
  /** The field whose values are the columns of the board. */
  by: string | null;
  /** Of a board whose columns belong to something (stages to a pipeline): which one. */
  lane?: string | null;
  /** How many cards a column of the board should hold at most, by the column's value. */
  limits?: Record<string, number>;
};

export type ChangeView = (change: Partial<ViewState>) => void;

/** `?view=all` names no saved view, even where the person has a default. */
const ALL = "all";
const COLUMNS = 7;
const LONG = new Set(["json", "array", "group", "textarea", "address"]);

function columnsOf(definition: Definition): Column[] {
  const wished = viewOf(definition.slug)?.columns;
  if (wished) {
    const known = wished.filter((path) => fieldAt(definition, path));
    if (known.length > 0) return known.map((path) => ({ path }));
  }
  const leaves = leafFields(definition).filter(({ field }) => !LONG.has(field.type));
  const paths = leaves.map(({ path }) => path).filter((path) => !path.includes("."));
  return [...new Set([definition.title, ...paths])].slice(0, COLUMNS).map((path) => ({ path }));
}

/** What holds when an address says nothing. */
export function moduleState(definition: Definition): ViewState {
  const view = viewOf(definition.slug);
  const choice = definition.fields.find((field) => field.type === "select" && !field.many);
  return {
    layout: view?.layouts?.[0] ?? "list",
    view: null,
    q: "",
    filter: EMPTY,
    sort: definition.defaultSort,
    columns: columnsOf(definition),
    group: null,
    by: view?.board?.by ?? choice?.name ?? null,
  };
}

/** What a saved view shows, columns that are gone left out. */
export function savedState(definition: Definition, saved: SavedView | undefined): ViewState {
  const base = moduleState(definition);
  if (!saved) return base;
  const config = saved.config ?? {};
  const columns = config.columns?.filter((column) => fieldAt(definition, column.path));
  return {
    ...base,
    ...config,
    columns: columns && columns.length > 0 ? columns : base.columns,
    layout: saved.layout,
    view: saved.id,
  };
}

export function whereOfState(state: ViewState): Record<string, QueryValue> | undefined {
  return whereOf(state.filter);
}

/** The query part of a link to a collection: `?f=…&sort=…`. */
export function viewSearch(definition: Definition, change: Partial<ViewState>): string {
  const params = new URLSearchParams();
  const base = moduleState(definition);
  params.set("view", change.view ?? ALL);
  writeState(params, { ...base, ...change }, base);
  return `?${params.toString()}`;
}

/** The view an address starts from, before its own changes. */
export function useViewBase(definition: Definition): {
  base: ViewState;
  saved?: SavedView;
  pending: boolean;
} {
  const [params] = useSearchParams();
  const { views, pending } = useSavedViews(definition.slug);
  const [chosen] = useDefaultView(definition.slug);
  const named = params.get("view") ?? chosen;
  const saved = views.find((view) => view.id === named);
  const base = useMemo(() => savedState(definition, saved), [definition, saved]);
  const waits = pending && named !== null && named !== ALL;
  return { base, pending: waits, ...(saved ? { saved } : {}) };
}

export function useViewState(definition: Definition): [ViewState, ChangeView] {
  const [params, setParams] = useSearchParams();
  const { base } = useViewBase(definition);
  // Only these: opening a record beside the list must not draw the list again.
  const said = VIEW_PARAMS.map((name) => params.get(name) ?? "\0").join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `said` is what matters of `params`
  const state = useMemo(() => {
    const read = readState(params, base);
    return { ...read, columns: read.columns.filter((column) => fieldAt(definition, column.path)) };
  }, [said, base, definition]);
  const change = useCallback<ChangeView>(
    (change) => {
      const moves = change.view !== undefined || change.layout !== undefined;
      setParams((former) => next(former, change, definition, base), {
        replace: !moves,
        preventScrollReset: true,
      });
    },
    [setParams, definition, base],
  );
  return [state, change];
}

function next(
  former: URLSearchParams,
  change: Partial<ViewState>,
  definition: Definition,
  base: ViewState,
): URLSearchParams {
  const params = new URLSearchParams(former);
  if (change.view !== undefined) {
    // Another view: nothing of the former one's changes is carried over.
    for (const name of VIEW_PARAMS) params.delete(name);
    params.set("view", change.view ?? ALL);
    const { view: _, ...more } = change;
    if (Object.keys(more).length === 0) return params;
    const start = change.view === base.view ? base : moduleState(definition);
    writeState(params, { ...start, ...more }, start);
    return params;
  }
  writeState(params, { ...readState(params, base), ...change }, base);
  return params;
}

/** Whether what is on screen differs from the view it started from. */
export function useIsChanged(definition: Definition): boolean {
  const { base, saved } = useViewBase(definition);
  const [state] = useViewState(definition);
  // Where nothing was saved, searching and looking at it as a board are no changes worth keeping.
  return isChanged(saved ? state : { ...state, q: base.q, layout: base.layout }, base);
}
