/** Values as the wire has them: shown in a cell, edited as JSON, compared before they are sent. */
import type { Definition, Field } from "@/engine/definitions";

export type Raw = Record<string, unknown>;

/** For a cell: text bare, everything else as JSON, nothing as nothing. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function jsonText(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

/** What was typed as JSON; an empty text is null. Throws what is wrong with it. */
export function parseJson(text: string): unknown {
  return text.trim() === "" ? null : JSON.parse(text);
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Keys that differ and may be written. */
export function changed(before: Raw, after: Raw, writable: readonly string[]): Raw {
  return Object.fromEntries(
    writable.flatMap((name) =>
      same(before[name], after[name]) ? [] : [[name, after[name] ?? null]],
    ),
  );
}

/** Names that a write may hold: when a document is made, those that only then can be set as well. */
export function writableNames(definition: Definition, creating: boolean): string[] {
  const own = definition.fields
    .filter((field) => field.writable && !field.readOnly && (creating || !field.createOnly))
    .map((field) => field.name);
  return creating && definition.tenancy === "tenant" ? ["tenant", ...own] : own;
}

/** Every column there is: id first, own fields, then what the engine keeps. */
export function columnsOf(definition: Definition): string[] {
  const own = definition.fields.filter((field) => !field.writeOnly).map((field) => field.name);
  const system = definition.system.filter((key) => key !== "id");
  return ["id", ...own, ...system];
}

/** A document to begin with: what must be said, and what has a default. */
export function blank(definition: Definition, tenant: string | null): Raw {
  const start = (field: Field): [string, unknown][] => {
    if (!field.writable || field.readOnly) return [];
    if (field.default !== undefined) return [[field.name, field.default]];
    return field.required ? [[field.name, null]] : [];
  };
  const own = Object.fromEntries(definition.fields.flatMap(start));
  return definition.tenancy === "tenant" && tenant ? { tenant, ...own } : own;
}
