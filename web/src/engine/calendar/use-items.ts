/** What of some collections falls on the days in sight. */
import { useQueries } from "@tanstack/react-query";
import { type CalendarItem, isWholeDay, type Source } from "@/engine/calendar/items";
import type { Doc } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { useSession } from "@/engine/session";
import { populateOf, selectOf, titleOf } from "@/engine/titles";
import { both } from "@/engine/where";
import { addDays } from "@/lib/days";
import { instantOf, localOf } from "@/lib/format";
import type { QueryValue } from "@/lib/query-string";

/** More than anyone sees in a month. */
const MOST = 1000;
const OVER = new Set(["done", "completed", "cancelled", "no_show", "lost", "won"]);
/** Fields that say with whom, shown in the agenda. */
const WITH = ["status", "location", "contact", "company"];

/** What overlaps a span; what has no end counts by its beginning. */
function within(source: Source, from: string, to: string): Record<string, QueryValue> {
  const begins = { [source.start]: { less_than: to } };
  const since = { [source.start]: { greater_than_equal: from } };
  if (!source.end) return { and: [begins, since] };
  return { and: [begins, { or: [since, { [source.end]: { greater_than: from } }] }] };
}

export type Items = {
  items: CalendarItem[];
  pending: boolean;
  /** There are more than are shown. */
  cut: boolean;
  error: unknown;
  retry: () => void;
};

export function useItems(sources: readonly Source[], days: readonly string[]): Items {
  const { schema } = useSession();
  const from = instantOf(`${days[0] ?? ""}T00:00`);
  const to = instantOf(`${addDays(days.at(-1) ?? "", 1)}T00:00`);
  const answers = useQueries({
    queries: sources.map((source) => {
      const { definition, start, end, where } = source;
      const fields = definition.fields.filter((field) => WITH.includes(field.name));
      const names = fields.map((field) => field.name);
      return listOptions(definition.slug, {
        where: both(within(source, from, to), where),
        q: source.q,
        sort: start,
        limit: MOST,
        pagination: false,
        depth: 1,
        select: selectOf([definition.title, start, ...(end ? [end] : []), ...names]),
        populate: populateOf(schema, fields),
      });
    }),
  });
  const failed = answers.find((answer) => answer.error && !answer.data);
  return {
    items: answers.flatMap((answer, at) => {
      const source = sources[at];
      return source ? (answer.data?.docs ?? []).flatMap((doc) => itemOf(source, doc) ?? []) : [];
    }),
    pending: answers.some((answer) => answer.isPending),
    cut: answers.some((answer) => (answer.data?.docs.length ?? 0) >= MOST),
    error: failed?.error,
    retry: () => void Promise.all(answers.map((answer) => answer.refetch())),
  };
}

function itemOf(source: Source, doc: Doc): CalendarItem | null {
  const { definition } = source;
  const from = doc[source.start];
  const to = source.end ? doc[source.end] : null;
  if (typeof from !== "string") return null;
  const start = localOf(from);
  const end = typeof to === "string" ? localOf(to) : start;
  const field = definition.fields.find((each) => each.name === source.start);
  return {
    key: `${definition.slug}:${doc.id}`,
    source,
    doc,
    title: titleOf(definition, doc),
    start,
    end,
    wholeDay: isWholeDay(start, end, typeof to === "string"),
    over: typeof doc.status === "string" && OVER.has(doc.status),
    movable: definition.permissions.update && (field?.writable ?? false),
  };
}
