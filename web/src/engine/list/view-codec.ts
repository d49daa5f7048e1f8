/** How what is shown of a collection is written in an address: short, and readable enough to be edited by hand. */
import type { Operator } from "@/engine/definitions";
import type { Layout } from "@/engine/modules";
import type { Column, Total, ViewState } from "@/engine/view-state";
import { EMPTY, type Filter, isTest, type Test } from "@/engine/where";

type Packed = unknown[];

/** `["and",["name","like","ana"],["or",…]]` */
function pack(filter: Filter): Packed {
  const parts = filter.parts.map((part) =>
    isTest(part) ? [part.path, part.operator, part.value] : pack(part),
  );
  return [filter.join, ...parts];
}

function unpack(packed: unknown): Filter | Test | null {
  if (!Array.isArray(packed)) return null;
  const [first, ...rest] = packed as Packed;
  if (first === "and" || first === "or") {
    return { join: first, parts: rest.flatMap((part) => unpack(part) ?? []) };
  }
  if (typeof first !== "string" || typeof rest[0] !== "string") return null;
  return { path: first, operator: rest[0] as Operator, value: rest[1] };
}

export function writeFilter(filter: Filter): string {
  return filter.parts.length === 0 ? "" : JSON.stringify(pack(filter));
}

/** Nothing of a text that is no filter: an address is typed by anyone. */
export function readFilter(text: string): Filter {
  if (text === "") return EMPTY;
  try {
    const found = unpack(JSON.parse(text));
    if (!found) return EMPTY;
    return isTest(found) ? { join: "and", parts: [found] } : found;
  } catch {
    return EMPTY;
  }
}

const TOTALS: readonly Total[] = ["count", "sum", "avg", "min", "max", "none"];

/** `name,value:140:sum` */
export function writeColumns(columns: readonly Column[]): string {
  return columns
    .map(({ path, width, total }) => {
      const parts = [path, width === undefined ? "" : String(Math.round(width)), total ?? ""];
      return parts.join(":").replace(/:+$/, "");
    })
    .join(",");
}

export function readColumns(text: string): Column[] {
  return text
    .split(",")
    .filter(Boolean)
    .map((part) => {
      const [path = "", width = "", total = ""] = part.split(":");
      const wide = Number.parseInt(width, 10);
      const known = TOTALS.find((each) => each === total);
      return {
        path,
        ...(wide > 0 ? { width: Math.min(wide, 1200) } : {}),
        ...(known ? { total: known } : {}),
      };
    });
}

const LAYOUTS: readonly Layout[] = ["list", "board", "calendar"];

/** Parameters that say what is shown; all others of an address (`open`) are left alone. */
export const VIEW_PARAMS = [
  "view",
  "layout",
  "q",
  "f",
  "sort",
  "cols",
  "group",
  "by",
  "lane",
  "limits",
] as const;
type Param = Exclude<(typeof VIEW_PARAMS)[number], "view">;

const WRITE: Record<Param, (state: ViewState) => string> = {
  layout: (state) => state.layout,
  q: (state) => state.q,
  f: (state) => writeFilter(state.filter),
  sort: (state) => state.sort,
  cols: (state) => writeColumns(state.columns),
  group: (state) => state.group ?? "",
  by: (state) => state.by ?? "",
  lane: (state) => state.lane ?? "",
  limits: (state) =>
    Object.entries(state.limits ?? {})
      .map(([value, most]) => `${value}:${most}`)
      .join(","),
};

const READ: Record<Param, (text: string) => Partial<ViewState>> = {
  layout: (text) => {
    const layout = LAYOUTS.find((each) => each === text);
    return layout ? { layout } : {};
  },
  q: (text) => ({ q: text }),
  f: (text) => ({ filter: readFilter(text) }),
  sort: (text) => (text ? { sort: text } : {}),
  cols: (text) => (text ? { columns: readColumns(text) } : {}),
  group: (text) => ({ group: text || null }),
  by: (text) => ({ by: text || null }),
  lane: (text) => ({ lane: text || null }),
  limits: (text) => ({ limits: readLimits(text) }),
};

function readLimits(text: string): Record<string, number> {
  const pairs = text.split(",").map((part) => part.split(":") as [string, string?]);
  const known = pairs.filter(([value, most]) => value && Number(most) > 0);
  return Object.fromEntries(known.map(([value, most]) => [value, Number(most)]));
}

const PARAMS = Object.keys(WRITE) as Param[];

/** What an address says, laid over what holds without it. */
export function readState(params: URLSearchParams, base: ViewState): ViewState {
  const state = { ...base };
  for (const name of PARAMS) {
    const text = params.get(name);
    if (text !== null) Object.assign(state, READ[name](text));
  }
  return state;
}

/** Writes only what differs from `base`, so that the address of a view stays short. */
export function writeState(params: URLSearchParams, state: ViewState, base: ViewState): void {
  for (const name of PARAMS) {
    const text = WRITE[name](state);
    if (text === WRITE[name](base)) params.delete(name);
    else params.set(name, text);
  }
}

/** Whether an address says anything beyond the view it names. */
export function isChanged(state: ViewState, base: ViewState): boolean {
  return PARAMS.some((name) => WRITE[name](state) !== WRITE[name](base));
}
