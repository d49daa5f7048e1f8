/** Today's appointments, where the day stands in them, and the next ones after it. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CalendarDays, MapPin } from "lucide-react";
import { Link } from "react-router";
import { DocLink, useAccountName } from "@/app/home/doc-link";
import { Part, Ready } from "@/app/home/part";
import { addDays, startOf } from "@/app/home/periods";
import type { Scope } from "@/app/home/scope";
import { type Doc, idOf } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { useSession } from "@/engine/session";
import { isDoc } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { dayOf, formatDay, formatInstant, today } from "@/lib/format";
import { Avatar } from "@/ui/avatar";
import { EmptyState } from "@/ui/empty";

/** Days after today of which the first appointments are shown. */
const AHEAD = 7;
const COMING = 4;

const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric" };
const TIME: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

export function AgendaCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { path } = useSession();
  const day = today();
  const query = useQuery(
    listOptions("appointments", {
      where: scope.where({
        startsAt: { greater_than_equal: startOf(day), less_than: startOf(addDays(day, 1 + AHEAD)) },
        status: { not_equals: "cancelled" },
      }),
      sort: "startsAt",
      limit: 30,
      select: {
        tenant: true,
        title: true,
        startsAt: true,
        endsAt: true,
        status: true,
        location: true,
        contact: true,
        organizer: true,
      },
      populate: {
        tenants: { name: true },
        contacts: { name: true },
        users: { name: true },
      },
    }),
  );
  return (
    <Part
      title={t`Appointments`}
      action={
        <Link to={path("calendar")} className="font-medium text-muted hover:text-fg coarse:py-3">
          {t`Calendar`}
        </Link>
      }
    >
      <Ready queries={[query]} lines={4}>
        {() => <Agenda docs={query.data?.docs ?? []} />}
      </Ready>
    </Part>
  );
}

function Agenda({ docs }: { docs: readonly Doc[] }) {
  const { t } = useLingui();
  const now = Date.now();
  const end = (doc: Doc) => Date.parse(String(doc.endsAt ?? doc.startsAt));
  const ofToday = docs.filter((doc) => dayOf(String(doc.startsAt)) === today());
  const coming = docs.filter((doc) => !ofToday.includes(doc)).slice(0, COMING);
  const next = ofToday.find((doc) => end(doc) >= now);
  if (docs.length === 0) {
    const body = t`None in the next ${AHEAD} days either: the time is yours.`;
    return <EmptyState compact icon={CalendarDays} title={t`No appointments today`} body={body} />;
  }
  return (
    <div className="max-h-[420px] overflow-y-auto px-2 pb-2">
      <h3 className="px-2 pb-1 pt-2 text-12 font-medium text-faint">
        {t`Today`} {ofToday.length > 0 && <span className="font-normal">{ofToday.length}</span>}
      </h3>
      {ofToday.length === 0 && (
        <p className="px-2 py-1.5 text-muted">{t`No appointments today.`}</p>
      )}
      <ol>
        {ofToday.map((doc) => (
          <Slot key={doc.id} doc={doc} past={end(doc) < now} next={doc.id === next?.id} />
        ))}
      </ol>
      {coming.length > 0 && (
        <>
          <h3 className="px-2 pb-1 pt-2 text-12 font-medium text-faint">{t`Coming up`}</h3>
          <ol>
            {coming.map((doc) => (
              <Slot key={doc.id} doc={doc} past={false} next={false} dayShown />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function Slot({
  doc,
  past,
  next,
  dayShown = false,
}: {
  doc: Doc;
  past: boolean;
  next: boolean;
  dayShown?: boolean;
}) {
  const { t } = useLingui();
  const account = useAccountName()(idOf(doc.tenant));
  const starts = String(doc.startsAt);
  const running = next && Date.parse(starts) <= Date.now();
  const contact = isDoc(doc.contact) ? String(doc.contact.name ?? "") : null;
  const organizer = isDoc(doc.organizer) ? String(doc.organizer.name ?? "") : null;
  const detail = [contact, account].filter(Boolean).join(" · ");
  return (
    <li className="flex items-start gap-3 rounded-control px-2 py-2 hover:bg-hover dark:hover:bg-active/60">
      <span className={cx("w-16 shrink-0 text-12 leading-5", past ? "text-faint" : "text-muted")}>
        <time dateTime={starts}>
          {dayShown && <span className="block">{formatDay(dayOf(starts), DAY)}</span>}
          {formatInstant(starts, TIME)}
        </time>
        {next && (
          <span className="block font-medium text-accent-text">{running ? t`Now` : t`Next`}</span>
        )}
      </span>
      <span
        aria-hidden
        className={cx("w-0.5 self-stretch rounded-full", next ? "bg-accent" : "bg-line")}
      />
      <span className="min-w-0 grow">
        <DocLink
          slug="appointments"
          id={doc.id}
          tenant={idOf(doc.tenant)}
          className={cx("block truncate font-medium", past && "text-muted")}
        >
          {String(doc.title ?? "")}
        </DocLink>
        <span className="flex min-w-0 flex-wrap gap-x-2 text-12 text-muted">
          {detail && <span className="truncate">{detail}</span>}
          {typeof doc.location === "string" && doc.location !== "" && (
            <span className="flex min-w-0 items-center gap-1">
              <MapPin size={12} aria-hidden className="shrink-0" />
              <span className="truncate">{doc.location}</span>
            </span>
          )}
        </span>
      </span>
      {organizer && (
        <span title={organizer} className="shrink-0">
          <Avatar name={organizer} size={20} />
          <span className="sr-only">{organizer}</span>
        </span>
      )}
    </li>
  );
}
