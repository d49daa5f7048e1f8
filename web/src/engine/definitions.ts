/** What `/api/schema` says: every collection and field, and what the viewer may do with them. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { request } from "@/lib/request";

export type FieldKind =
  | "text"
  | "textarea"
  | "email"
  | "phone"
  | "url"
  | "number"
  | "money"
  | "date"
  | "datetime"
  | "checkbox"
  | "select"
  | "relationship"
  | "json"
  | "group"
  | "array"
  | "address";

export type Operator =
  | "equals"
  | "not_equals"
  | "greater_than"
  | "greater_than_equal"
  | "less_than"
  | "less_than_equal"
  | "like"
  | "not_like"
  | "contains"
  | "in"
  | "not_in"
  | "all"
  | "exists";

export type SelectOption = { value: string; label: string };

export type Field = {
  name: string;
  type: FieldKind;
  label: string;
  description?: string;
  required?: boolean;
  many?: boolean;
  unique?: boolean;
  integer?: boolean;
  readOnly?: boolean;
  createOnly?: boolean;
  writeOnly?: boolean;
  default?: unknown;
  min?: number;
  max?: number;
  options?: SelectOption[];
  relationTo?: string;
  fields?: Field[];
  derived?: { through: string; field: string };
  writable: boolean;
  operators: Operator[];
};

export type Definition = {
  slug: string;
  labels: { singular: string; plural: string };
  description?: string;
  tenancy: "tenant" | "tree" | "global";
  fields: Field[];
  /** The field a person knows a document by. */
  title: string;
  defaultSort: string;
  trash: boolean;
  search?: string[];
  permissions: { read: boolean; create: boolean; update: boolean; delete: boolean };
  system: string[];
};

export type Role = "viewer" | "member" | "admin" | "owner";

export type Schema = { role: Role | null; collections: Definition[] };

export type Doc = { id: string; tenant?: string; createdAt: string; updatedAt: string } & Record<
  string,
  unknown
>;

export function schemaOptions(tenant: string | null) {
  return queryOptions({
    queryKey: ["schema", tenant],
    queryFn: ({ signal }) => request<Schema>("GET", "/api/schema", { signal, tenant }),
    staleTime: 5 * 60_000,
  });
}

/** A field by its dotted path, sub-fields of groups included; system keys are fields too. */
export function fieldAt(definition: Definition, path: string): Field | undefined {
  let list = [...definition.fields, ...systemFields(definition)];
  let found: Field | undefined;
  for (const name of path.split(".")) {
    found = list.find((field) => field.name === name);
    list = found?.fields ?? [];
  }
  return found;
}

const INSTANT: Operator[] = [
  "equals",
  "not_equals",
  "greater_than",
  "greater_than_equal",
  "less_than",
  "less_than_equal",
  "exists",
];

/** `createdAt`, `updatedAt`: columns that no field defines. */
export function systemFields(definition: Definition): Field[] {
  const instant = (name: string, label: string): Field => ({
    name,
    label,
    type: "datetime",
    readOnly: true,
    writable: false,
    operators: INSTANT,
  });
  const known: Record<string, Field> = {
    createdAt: instant("createdAt", "Created At"),
    updatedAt: instant("updatedAt", "Updated At"),
  };
  return definition.system.flatMap((key) => known[key] ?? []);
}

/** Every leaf a list may show, filter or sort by, groups opened: `consent.marketing`. */
export function leafFields(
  definition: Definition,
): { path: string; field: Field; label: string }[] {
  const walk = (fields: Field[], prefix: string, above: string): ReturnType<typeof leafFields> =>
    fields.flatMap((field) => {
      const path = `${prefix}${field.name}`;
      const label = above ? `${above} · ${field.label}` : field.label;
      if (field.writeOnly) return [];
      if (field.type === "group" || field.type === "address") {
        const own = field.type === "address" ? [{ path, field, label }] : [];
        return [...own, ...walk(field.fields ?? [], `${path}.`, label)];
      }
      return [{ path, field, label }];
    });
  return walk([...definition.fields, ...systemFields(definition)], "", "");
}

export function valueAt(doc: Record<string, unknown>, path: string): unknown {
  let value: unknown = doc;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** `{a: {b: value}}` from `a.b`, laid over what the document has there. */
export function patchAt(
  doc: Record<string, unknown>,
  path: string,
  value: unknown,
): Record<string, unknown> {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) return { [first]: value };
  const inner = (doc[first] ?? {}) as Record<string, unknown>;
  return { [first]: { ...inner, ...patchAt(inner, rest.join("."), value) } };
}

/** The id a relation holds, whether it came as an id or as a document. */
export function idOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "id" in value) return String(value.id);
  return null;
}

/** Relations as ids, so that a former value can be sent again. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value === "object" && value !== null && "id" in value && "createdAt" in value) {
    return idOf(value);
  }
  return value ?? null;
}

export function useSchema(tenant: string | null): Schema {
  return useSuspenseQuery(schemaOptions(tenant)).data;
}
