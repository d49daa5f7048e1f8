/** The audit log: who did what, when and from where. */
import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import { auditOptions, type Entry, entriesOf, filterOf, KEYS } from "@/app/settings/audit/data";
import { EntryRow } from "@/app/settings/audit/entry-row";
import { AuditFilters } from "@/app/settings/audit/filters";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import { dayOf, formatDay } from "@/lib/format";
import { Button } from "@/ui/button";
import { EmptyState, ErrorState } from "@/ui/empty";

export function Audit() {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  const log = useInfiniteQuery(auditOptions(filter));
  const entries = useMemo(() => entriesOf(log.data?.pages ?? []), [log.data]);
  const filtered = KEYS.some((key) => filter[key]);
  const clear = () => setParams({}, { replace: true });
  return (
    <Section
      title={t`Audit log`}
      lead={t`Every change with what it was before. Nobody can alter it.`}
    >
      <AuditFilters filter={filter} onClear={clear} />
      {log.isPending ? (
        <RowsSkeleton count={8} />
      ) : log.error && entries.length === 0 ? (
        <ErrorState error={log.error} onRetry={() => void log.refetch()} />
      ) : entries.length === 0 ? (
        <EmptyState
          icon={ScrollText}
          title={filtered ? t`Nothing fits` : t`Nothing happened yet`}
          body={filtered ? t`Choose other days or people, or show everything.` : undefined}
          action={filtered && <Button onClick={clear}>{t`Show everything`}</Button>}
        />
      ) : (
        <Days entries={entries} />
      )}
      {log.hasNextPage && (
        <More
          busy={log.isFetchingNextPage}
          failed={log.isFetchNextPageError}
          onMore={() => void log.fetchNextPage()}
        />
      )}
    </Section>
  );
}

function Days({ entries }: { entries: readonly Entry[] }) {
  const days = useMemo(() => {
    const found = new Map<string, Entry[]>();
    for (const entry of entries) {
      const day = dayOf(entry.at);
      const list = found.get(day);
      if (list) list.push(entry);
      else found.set(day, [entry]);
    }
    return [...found];
  }, [entries]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {days.map(([day, list]) => (
        <section key={day}>
          <h3 className="mb-1.5 text-12 font-medium text-muted">
            {formatDay(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" })}
          </h3>
          <ul className="divide-y divide-line overflow-hidden rounded-panel bg-raise shadow-card">
            {list.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Asks for more when it comes into sight; a button for those who do not scroll. */
function More({ busy, failed, onMore }: { busy: boolean; failed: boolean; onMore: () => void }) {
  const { t } = useLingui();
  const ref = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    const element = ref.current;
    // After a failure only a person asks again.
    if (!element || busy || failed) return;
    const observer = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && more.current(),
      { rootMargin: "400px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [busy, failed]);
  return (
    <div ref={ref} className="flex justify-center">
      <Button pending={busy} onClick={onMore}>
        {failed ? t`Try again` : t`Show more`}
      </Button>
    </div>
  );
}
