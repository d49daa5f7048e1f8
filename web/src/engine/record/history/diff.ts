/** What an entry of the audit says, field by field. */
import { type Definition, type Field, fieldAt } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";

export type Change = {
  path: string;
  /** Absent for what the definition no longer has. */
  field?: Field;
  /** Labels from the outermost group inwards. */
  labels: string[];
  before: unknown;
  after: unknown;
};

type Values = Record<string, unknown>;

/** Kept by the server; who and when stand on the entry itself, and a place on a board is no news. */
const SILENT = new Set(["id", "tenant", "createdAt", "updatedAt", "deletedAt", "position"]);

function valuesOf(value: unknown): Values | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Values)
    : null;
}

/** Groups are compared part by part; values that say the same are left out. */
export function changesOf(
  definition: Definition | undefined,
  before: unknown,
  after: unknown,
): Change[] {
  return compare(definition, valuesOf(before) ?? {}, valuesOf(after) ?? {}, "", []).filter(
    (change) => !SILENT.has(change.path),
  );
}

function compare(
  definition: Definition | undefined,
  before: Values,
  after: Values,
  prefix: string,
  above: string[],
): Change[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name) => {
    const path = `${prefix}${name}`;
    const field = definition && fieldAt(definition, path);
    const labels = [...above, field?.label ?? name];
    const [from, to] = [before[name], after[name]];
    if (field?.type === "group") {
      return compare(definition, valuesOf(from) ?? {}, valuesOf(to) ?? {}, `${path}.`, labels);
    }
    if (isSame(from, to)) return [];
    return [{ path, labels, before: from ?? null, after: to ?? null, ...(field ? { field } : {}) }];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  if (isVoid(one) && isVoid(other)) return true;
  return stable(one) === stable(other);
}

/** An address of nothing but nulls is no address. */
function isVoid(value: unknown): boolean {
  const values = valuesOf(value);
  return isEmpty(value) || (values !== null && Object.values(values).every(isEmpty));
}

/** The same text for the same value, in whichever order its keys came. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  const values = valuesOf(value);
  if (!values) return JSON.stringify(value) ?? "null";
  const pairs = Object.keys(values)
    .sort()
    .map((key) => `${key}:${stable(values[key])}`);
  return `{${pairs.join()}}`;
}

export type What = "created" | "changed" | "deleted" | "trashed" | "restored";

/** The verb as people say it: a trash is a field that changes. */
export function whatOf(verb: unknown, before: unknown, after: unknown): What {
  if (verb === "create") return "created";
  if (verb === "delete") return "deleted";
  const [from, to] = [valuesOf(before), valuesOf(after)];
  if (to && "deletedAt" in to) {
    if (to.deletedAt && !from?.deletedAt) return "trashed";
    if (!to.deletedAt && from?.deletedAt) return "restored";
  }
  return "changed";
}

/** Ids of related documents that changes name, by collection. */
export function namedIds(changes: readonly Change[]): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const { field, before, after } of changes) {
    if (!field?.relationTo) continue;
    const ids = [before, after].flat().filter((id): id is string => typeof id === "string");
    const known = out.get(field.relationTo) ?? new Set();
    for (const id of ids) known.add(id);
    if (known.size > 0) out.set(field.relationTo, known);
  }
  return out;
}
