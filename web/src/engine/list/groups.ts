/** Rows gathered by the value of a field: which groups there are, how many rows each has, what they sum to. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import {
  type Definition,
  type Doc,
  type Field,
  fieldAt,
  leafFields,
  type Schema,
} from "@/engine/definitions";
import {
  type AggregateGroup,
  type AggregateQuery,
  aggregateOptions,
  type ListQuery,
  listOptions,
} from "@/engine/documents";
import { type Col, isSummable, pathLabel } from "@/engine/list/columns";
import type { Section, Where } from "@/engine/list/sections";
import { useSession } from "@/engine/session";
import { populateOf, titleOf } from "@/engine/titles";
import { instantOf, viewerZone } from "@/lib/format";

const MOST = 300;
const BUCKETS = ["day", "week", "month", "quarter", "year"] as const;
export type Bucket = (typeof BUCKETS)[number];

export type GroupBy = { path: string; bucket: Bucket | null; field: Field };
export type Group = { value: unknown; doc: Doc | null; count: number; figures: AggregateGroup };

export type Groups = {
  by: GroupBy;
  sections: Section[];
  groups: Group[];
  toggle: (section: number, all?: boolean) => void;
  hasMore: boolean;
  /** Rows in all, each once. */
  total: number | null;
  pending: boolean;
  error: Error | null;
  retry: () => void;
};

const GROUPABLE = new Set([
  "select",
  "relationship",
  "checkbox",
  "text",
  "number",
  "date",
  "datetime",
]);

export function isDated(field: Field): boolean {
  return field.type === "date" || field.type === "datetime";
}

export function groupable(definition: Definition): { path: string; label: string; field: Field }[] {
  return leafFields(definition)
    .filter(({ path, field }) => GROUPABLE.has(field.type) && path !== definition.title)
    .map(({ path, field }) => ({ path, field, label: pathLabel(definition, path) }));
}

/** `createdAt:month` */
export function readGroup(definition: Definition, group: string | null): GroupBy | null {
  if (!group) return null;
  const [path = "", named] = group.split(":");
  const field = fieldAt(definition, path);
  if (!field || !GROUPABLE.has(field.type)) return null;
  const bucket = BUCKETS.find((each) => each === named) ?? null;
  return { path, field, bucket: isDated(field) ? (bucket ?? "month") : null };
}

export function writeGroup(by: Pick<GroupBy, "path" | "bucket">): string {
  return by.bucket ? `${by.path}:${by.bucket}` : by.path;
}

/** The first day after the bucket that begins on `day`. */
export function bucketEnd(day: string, bucket: Bucket): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (bucket === "day") at.setUTCDate(at.getUTCDate() + 1);
  if (bucket === "week") at.setUTCDate(at.getUTCDate() + 7);
  if (bucket === "month") at.setUTCMonth(at.getUTCMonth() + 1);
  if (bucket === "quarter") at.setUTCMonth(at.getUTCMonth() + 3);
  if (bucket === "year") at.setUTCFullYear(at.getUTCFullYear() + 1);
  return at.toISOString().slice(0, 10);
}

/** What narrows the list to one group. */
export function groupWhere(by: GroupBy, value: unknown): Where {
  const { path, field, bucket } = by;
  if (value === null || value === undefined) return { [path]: { exists: false } };
  if (bucket && typeof value === "string") {
    const edge = (day: string) => (field.type === "datetime" ? instantOf(`${day}T00:00`) : day);
    const range = { greater_than_equal: edge(value), less_than: edge(bucketEnd(value, bucket)) };
    return { [path]: range };
  }
  const plain = value as string | number | boolean;
  return field.many ? { [path]: { in: [plain] } } : { [path]: { equals: plain } };
}

function order(by: GroupBy, schema: Schema, groups: Group[]): Group[] {
  const options = by.field.options?.map((option) => option.value);
  const target = schema.collections.find((each) => each.slug === by.field.relationTo);
  const rank = (group: Group): number | string => {
    if (options) return options.indexOf(String(group.value));
    if (group.doc && typeof group.doc.order === "number") return group.doc.order;
    if (group.doc) return titleOf(target, group.doc).toLowerCase();
    return typeof group.value === "number" ? group.value : String(group.value);
  };
  const ranked = groups.map((group) => ({ group, rank: rank(group), none: group.value === null }));
  const sign = by.bucket ? -1 : 1;
  ranked.sort((a, b) => {
    if (a.none !== b.none) return a.none ? 1 : -1;
    if (typeof a.rank === "number" && typeof b.rank === "number") return (a.rank - b.rank) * sign;
    return String(a.rank).localeCompare(String(b.rank)) * sign;
  });
  return ranked.map((each) => each.group);
}

export function useGroups(
  definition: Definition,
  group: string | null,
  query: Pick<ListQuery, "where" | "q">,
  cols: readonly Col[],
): Groups | null {
  const by = useMemo(() => readGroup(definition, group), [definition, group]);
  const summed = cols.filter((col) => isSummable(col.field)).map((col) => `sum:${col.path}`);
  const asked: AggregateQuery = {
    where: query.where,
    q: query.q,
    group: by ? writeGroup(by) : undefined,
    values: ["count", ...summed].join(","),
    limit: MOST,
    ...(by?.field.type === "datetime" ? { zone: viewerZone() } : {}),
  };
  const found = useQuery({ ...aggregateOptions(definition.slug, asked), enabled: by !== null });
  const docs = useRelated(by, found.data?.groups);
  const { schema } = useSession();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => {
    if (!by || !found.data) return [];
    const key = writeGroup(by);
    const made = found.data.groups.map((each): Group => {
      const value = each.key[key] ?? each.key[by.path] ?? null;
      return { value, doc: docs.get(String(value)) ?? null, count: each.count ?? 0, figures: each };
    });
    return order(by, schema, made);
  }, [by, found.data, docs, schema]);
  const sections = useMemo(
    () =>
      groups.map((each): Section => {
        const id = String(each.value);
        const where = by ? groupWhere(by, each.value) : undefined;
        return { id, where, count: each.count, head: true, open: !folded.has(id) };
      }),
    [groups, folded, by],
  );
  const toggle = useCallback(
    (at: number, all = false) => {
      const section = sections[at];
      if (!section) return;
      setFolded((former) => {
        if (all) return new Set(section.open ? sections.map((each) => each.id) : []);
        const next = new Set(former);
        if (!next.delete(section.id)) next.add(section.id);
        return next;
      });
    },
    [sections],
  );
  if (!by) return null;
  return {
    by,
    sections,
    groups,
    toggle,
    hasMore: found.data?.hasMore ?? false,
    total: found.data?.total.count ?? null,
    pending: found.isPending,
    error: found.data ? null : found.error,
    retry: () => void found.refetch(),
  };
}

/** The documents that groups of a relation are named after. */
function useRelated(
  by: GroupBy | null,
  groups: readonly AggregateGroup[] | undefined,
): Map<string, Doc> {
  const { schema } = useSession();
  const slug = by?.field.relationTo;
  const ids = useMemo(() => {
    if (!by || !slug) return [];
    const key = writeGroup(by);
    return (groups ?? [])
      .map((each) => each.key[key])
      .filter((id) => typeof id === "string")
      .sort();
  }, [by, slug, groups]);
  const select = (by && populateOf(schema, [by.field])[slug ?? ""]) as ListQuery["select"];
  const { data } = useQuery({
    ...listOptions(slug ?? "", {
      where: { id: { in: ids } },
      limit: Math.max(1, ids.length),
      depth: 0,
      pagination: false,
      select,
    }),
    enabled: Boolean(slug) && ids.length > 0,
  });
  return useMemo(
    () => new Map((slug ? (data?.docs ?? []) : []).map((doc) => [doc.id, doc])),
    [data, slug],
  );
}
