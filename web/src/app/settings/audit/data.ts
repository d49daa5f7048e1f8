/** The audit, page after page, and what changed in an entry. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Definition, Doc } from "@/engine/definitions";
import { fetchList, keys, type Page } from "@/engine/documents";
import { both } from "@/engine/where";
import { instantOf } from "@/lib/format";
import type { QueryValue } from "@/lib/query-string";

export type Verb = "create" | "update" | "delete";

export type Entry = Doc & {
  at: string;
  actor: { id: string; name: string; email: string } | string | null;
  actorKind: "user" | "system" | "anonymous";
  actorName: string | null;
  ip: string;
  userAgent: string;
  requestId: string;
  verb: Verb;
  collection: string;
  document: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

export type AuditFilter = {
  actor: string | null;
  collection: string | null;
  verb: string | null;
  /** Days of the viewer, both included. */
  from: string | null;
  to: string | null;
};

export const KEYS = ["actor", "collection", "verb", "from", "to"] as const;

/** The filter as the address holds it: every view of the log is a link. */
export function filterOf(params: URLSearchParams): AuditFilter {
  return Object.fromEntries(KEYS.map((key) => [key, params.get(key)])) as AuditFilter;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function whereOfAudit(filter: AuditFilter): Record<string, QueryValue> | undefined {
  const tests: Record<string, QueryValue>[] = [];
  for (const key of ["actor", "collection", "verb"] as const) {
    if (filter[key]) tests.push({ [key]: { equals: filter[key] } });
  }
  if (filter.from && DAY.test(filter.from)) {
    tests.push({ at: { greater_than_equal: instantOf(`${filter.from}T00:00`) } });
  }
  if (filter.to && DAY.test(filter.to)) {
    tests.push({ at: { less_than: instantOf(`${dayAfter(filter.to)}T00:00`) } });
  }
  return tests.reduce<Record<string, QueryValue> | undefined>(
    (sum, test) => both(sum, test),
    undefined,
  );
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

const SIZE = 50;

/** Entries that come in meanwhile push pages on, so that they overlap but never leave anything out. */
export function auditOptions(filter: AuditFilter) {
  const query = {
    where: whereOfAudit(filter),
    sort: "-at",
    limit: SIZE,
    pagination: false,
    depth: 1,
    populate: { users: { name: true, email: true } },
  };
  return infiniteQueryOptions({
    queryKey: keys.list("audit", query),
    queryFn: ({ pageParam, signal }): Promise<Page<Entry>> =>
      fetchList("audit", { ...query, page: pageParam }, signal) as Promise<Page<Entry>>,
    initialPageParam: 1,
    getNextPageParam: (page, _, at) => (page.docs.length < SIZE ? undefined : at + 1),
  });
}

/** Each entry once. */
export function entriesOf(pages: readonly Page<Entry>[]): Entry[] {
  const seen = new Map<string, Entry>();
  for (const page of pages) for (const entry of page.docs) seen.set(entry.id, entry);
  return [...seen.values()];
}

export type Change = { name: string; before: unknown; after: unknown };

const QUIET = new Set(["id", "tenant", "createdAt", "updatedAt"]);

/** An empty list and a group of nothing are nothing, as a new document has them. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}

/** Field by field what was and what became of it, in the order of the definition. */
export function changesOf(
  { before, after }: Pick<Entry, "before" | "after">,
  definition: Definition | undefined,
): Change[] {
  const names = new Set([
    ...(definition?.fields.map((field) => field.name) ?? []),
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
  ]);
  return [...names].flatMap((name) => {
    const change = { name, before: before?.[name] ?? null, after: after?.[name] ?? null };
    const same =
      JSON.stringify(change.before) === JSON.stringify(change.after) ||
      (isNothing(change.before) && isNothing(change.after));
    return same || QUIET.has(name) ? [] : [change];
  });
}
