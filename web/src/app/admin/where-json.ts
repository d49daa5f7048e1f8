/** `where` as JSON text, and as the builder's filter where it can be drawn as one. */
import type { Operator } from "@/engine/definitions";
import type { Filter, Test } from "@/engine/where";
import type { QueryValue } from "@/lib/query-string";

export type Where = Record<string, QueryValue>;

/** Null for no filter; throws on what is no JSON object. */
export function parseWhere(text: string): Where | null {
  if (text.trim() === "") return null;
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError("not an object");
  }
  return value as Where;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys side by side all have to hold: that is an "and". Null when the builder has no shape for it. */
export function filterOfWhere(where: unknown): Filter | null {
  if (!isRecord(where)) return null;
  const entries = Object.entries(where);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === "and" || only[0] === "or")) {
    if (!Array.isArray(only[1])) return null;
    const parts = only[1].map(partOf);
    return parts.includes(null)
      ? null
      : { join: only[0], parts: parts.filter((part) => part !== null) };
  }
  const parts = entries.map(([key, value]) =>
    key === "and" || key === "or" ? filterOfWhere({ [key]: value }) : testOf(key, value),
  );
  return parts.includes(null)
    ? null
    : { join: "and", parts: parts.filter((part) => part !== null) };
}

function partOf(where: unknown): Filter | Test | null {
  const filter = filterOfWhere(where);
  const [first] = filter?.parts ?? [];
  return filter?.parts.length === 1 && first ? first : filter;
}

function testOf(path: string, value: unknown): Test | null {
  if (!isRecord(value)) return null;
  const [[operator, wanted] = [], ...more] = Object.entries(value);
  if (operator === undefined || more.length > 0) return null;
  return { path, operator: operator as Operator, value: wanted };
}
