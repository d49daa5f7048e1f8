/** What happened last, and before that, as far back as one asks. */
import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { DocLink, useAccountName } from "@/app/home/doc-link";
import { Part, Ready } from "@/app/home/part";
import type { Scope } from "@/app/home/scope";
import { type Doc, idOf } from "@/engine/definitions";
import { fetchList, keys, type ListQuery } from "@/engine/documents";
import { iconOf } from "@/engine/record/timeline/kinds";
import { saidValue, toldOf } from "@/engine/record/timeline/told";
import { isDoc } from "@/engine/titles";
import { dayOf, formatDay, formatInstant, formatRelative, today } from "@/lib/format";
import { label } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty";

const PAGE = 6;

function useTimeline(scope: Scope) {
  const query: ListQuery = {
    where: scope.where(),
    sort: "-at,-id",
    limit: PAGE,
    pagination: false,
    select: {
      tenant: true,
      kind: true,
      subject: true,
      at: true,
      actor: true,
      contact: true,
      deal: true,
      company: true,
    },
    populate: {
      tenants: { name: true },
      users: { name: true },
      contacts: { name: true },
      deals: { name: true },
      companies: { name: true },
    },
  };
  return useInfiniteQuery({
    queryKey: [...keys.list("activities", query), "endless"],
    queryFn: ({ pageParam, signal }) =>
      fetchList("activities", { ...query, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.docs.length < PAGE ? undefined : pages.length + 1),
  });
}

export function TimelineCard({ scope, className }: { scope: Scope; className?: string }) {
  const { t } = useLingui();
  const query = useTimeline(scope);
  const docs = query.data?.pages.flatMap((page) => page.docs) ?? [];
  return (
    <Part title={t`Recent activity`} {...(className ? { className } : {})}>
      <Ready queries={[query]} lines={7}>
        {() =>
          docs.length === 0 ? (
            <EmptyState
              compact
              icon={Activity}
              title={t`Nothing has happened yet`}
              body={t`Calls, notes, emails and changes of deals show up here.`}
            />
          ) : (
            <div className="px-2 pb-2">
              <ol>
                {docs.map((doc) => (
                  <Event key={doc.id} doc={doc} />
                ))}
              </ol>
              {query.hasNextPage && (
                <Button
                  variant="ghost"
                  className="mt-1 w-full"
                  pending={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t`Show more`}
                </Button>
              )}
            </div>
          )
        }
      </Ready>
    </Part>
  );
}

/** What it is about: the nearest to what people speak of. */
function subjectOf(doc: Doc): { slug: string; id: string; name: string } | null {
  for (const [field, slug] of [
    ["deal", "deals"],
    ["contact", "contacts"],
    ["company", "companies"],
  ] as const) {
    const value = doc[field];
    if (isDoc(value) && typeof value.name === "string")
      return { slug, id: value.id, name: value.name };
  }
  return null;
}

/** What the product wrote, in the viewer's language; what people wrote, as it is. */
function useSaid(doc: Doc): string {
  const { t } = useLingui();
  const kind = String(doc.kind);
  const told = toldOf(String(doc.subject ?? ""), kind);
  switch (told.form) {
    case "change":
      return `${label(told.field)}: ${saidValue(told.from, kind)} → ${saidValue(told.to, kind)}`;
    case "created": {
      const noun = label(told.noun);
      return t`${noun} created`;
    }
    case "done": {
      const { title } = told;
      return t`Task done: ${title}`;
    }
    default:
      return told.text;
  }
}

function Event({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const said = useSaid(doc);
  const account = useAccountName()(idOf(doc.tenant));
  const Icon = iconOf(doc.kind);
  const about = subjectOf(doc);
  const at = String(doc.at ?? doc.createdAt);
  const actor = isDoc(doc.actor) ? String(doc.actor.name ?? "") : null;
  const by = [actor && t`by ${actor}`, account].filter(Boolean).join(" · ");
  return (
    <li className="flex min-h-10 items-center gap-3 rounded-control px-2 py-1.5 hover:bg-hover dark:hover:bg-active/60">
      <span
        aria-hidden
        className="flex size-7 shrink-0 items-center justify-center rounded-full bg-active text-muted"
      >
        <Icon size={14} />
      </span>
      <span className="min-w-0 grow">
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 truncate font-medium">{said}</span>
          {about && (
            <DocLink
              slug={about.slug}
              id={about.id}
              tenant={idOf(doc.tenant)}
              className="min-w-0 truncate text-muted underline decoration-line underline-offset-2 hover:text-fg hover:decoration-current"
            >
              {about.name}
            </DocLink>
          )}
        </span>
        {by && <span className="block truncate text-12 text-faint">{by}</span>}
      </span>
      <time dateTime={at} title={formatInstant(at)} className="shrink-0 text-12 text-muted">
        {dayOf(at) === today() ? formatRelative(at) : formatDay(dayOf(at))}
      </time>
    </li>
  );
}
