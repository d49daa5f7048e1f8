/** What happened on a record, newest first, day by day; what people wrote stands out, changes are told quietly. */
import { useLingui } from "@lingui/react/macro";
import { MessagesSquare } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import { Composer } from "@/engine/record/timeline/composer";
import { Entry } from "@/engine/record/timeline/entry";
import { FILTERS, type Filter, filterName } from "@/engine/record/timeline/kinds";
import {
  entriesOf,
  instantOf,
  useKindCounts,
  useTimeline,
} from "@/engine/record/timeline/use-timeline";
import { addDays } from "@/lib/days";
import { dayOf, formatDay, formatNumber, today } from "@/lib/format";
import { Button } from "@/ui/button";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

export function Timeline({ definition, doc }: { definition: Definition; doc: Doc }) {
  const { t } = useLingui();
  const link = viewOf(definition.slug)?.link ?? "";
  const [filter, setFilter] = useState<Filter>("all");
  const query = useTimeline(link, doc.id, filter);
  const counts = useKindCounts(link, doc.id);
  const entries = entriesOf(query.data?.pages);
  return (
    <div className="mx-auto max-w-[760px]">
      <Composer definition={definition} doc={doc} link={link} />
      <Filters filter={filter} onFilter={setFilter} counts={counts} />
      {query.error && !query.data ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : !query.data ? (
        <Rows />
      ) : entries.length === 0 ? (
        <EmptyState
          compact
          icon={MessagesSquare}
          title={filter === "all" ? t`Nothing has happened yet` : t`Nothing of this kind yet`}
          body={t`Notes, calls, emails and meetings you log, and every change of the record, show up here.`}
        />
      ) : (
        <Days entries={entries} slug={definition.slug} />
      )}
      {query.hasNextPage && (
        <More
          busy={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </div>
  );
}

function Filters({
  filter,
  onFilter,
  counts,
}: {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  counts: Partial<Record<Filter, number>>;
}) {
  const { t } = useLingui();
  return (
    <fieldset className="-mx-1 mb-3 mt-5 flex gap-1 overflow-x-auto px-1 py-0.5">
      <legend className="sr-only">{t`Show on the timeline`}</legend>
      {FILTERS.filter((each) => each === "all" || each === filter || counts[each]).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === filter}
          onClick={() => onFilter(each)}
          className="flex h-6 shrink-0 items-center gap-1.5 rounded-control px-2 text-12 font-medium text-muted hover:bg-hover hover:text-fg aria-pressed:bg-active aria-pressed:text-fg coarse:h-11 coarse:px-3"
        >
          {filterName(each)}
          {counts[each] ? (
            <span className="font-normal opacity-80">{formatNumber(counts[each] ?? 0)}</span>
          ) : null}
        </button>
      ))}
    </fieldset>
  );
}

function Days({ entries, slug }: { entries: readonly Doc[]; slug: string }) {
  const days = new Map<string, Doc[]>();
  for (const doc of entries) {
    const day = dayOf(instantOf(doc));
    days.set(day, [...(days.get(day) ?? []), doc]);
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {[...days].map(([day, docs]) => (
        <section key={day} aria-label={dayName(day)}>
          <h2 className="mb-2 text-12 font-medium text-faint">{dayName(day)}</h2>
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
            {docs.map((doc) => (
              <Entry key={doc.id} doc={doc} slug={slug} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function dayName(day: string): string {
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", {
    numeric: "auto",
  });
  const now = today();
  const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  if (day === now) return upper(relative.format(0, "day"));
  if (day === addDays(now, -1)) return upper(relative.format(-1, "day"));
  const year = day.slice(0, 4) === now.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return upper(formatDay(day, { weekday: "long", day: "numeric", month: "long", ...year }));
}

/** Fetches on as the end comes near; a button for whoever does not scroll. */
function More({ busy, failed, onMore }: { busy: boolean; failed: boolean; onMore: () => void }) {
  const { t } = useLingui();
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    const element = end.current;
    if (!element || busy || failed) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) more.current();
      },
      { rootMargin: "400px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [busy, failed]);
  return (
    <div ref={end} className="mt-3">
      <Button variant="ghost" className="w-full" pending={busy} onClick={onMore}>
        {failed ? t`Try again` : t`Show earlier`}
      </Button>
    </div>
  );
}

function Rows() {
  return (
    <div className="grid gap-4 py-2" aria-busy="true">
      {Array.from({ length: 5 }, (_, at) => (
        <div key={at} className="flex gap-3">
          <Skeleton className="size-7 rounded-full" />
          <Skeleton className="h-14 grow" />
        </div>
      ))}
    </div>
  );
}
