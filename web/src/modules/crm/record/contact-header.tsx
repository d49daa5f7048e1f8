/** At the head of a contact: where they work, how to reach them, when they were last spoken to, what is at stake. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Mail, Phone } from "lucide-react";
import type { Doc } from "@/engine/definitions";
import { aggregateOptions, listOptions } from "@/engine/documents";
import { RecordLink } from "@/engine/record-link";
import { useDefinition } from "@/engine/session";
import { isDoc } from "@/engine/titles";
import { formatInstant, formatRelative } from "@/lib/format";
import { Fact, Facts, moneyText, sumsOf } from "@/modules/crm/record/facts";

export function ContactHeader({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const email = typeof doc.email === "string" ? doc.email : "";
  const phone = typeof doc.phone === "string" ? doc.phone : "";
  const last = useLastTalk(doc.id);
  const open = useOpenValue(doc.id);
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2.5">
      {(email || phone) && (
        <div className="flex gap-1.5">
          {email && (
            <Reach href={`mailto:${encodeURI(email)}`} label={t`Write an email to ${email}`}>
              <Mail size={14} aria-hidden />
              {t`Email`}
            </Reach>
          )}
          {phone && (
            <Reach href={`tel:${phone.replace(/[^+\d]/g, "")}`} label={t`Call ${phone}`}>
              <Phone size={14} aria-hidden />
              {t`Call`}
            </Reach>
          )}
        </div>
      )}
      <Facts>
        <Work doc={doc} />
        {last && (
          <Fact label={t`Last contact`}>
            <time dateTime={last} title={formatInstant(last)}>
              {formatRelative(last)}
            </time>
          </Fact>
        )}
        {open && <Fact label={t`Open deals`}>{open}</Fact>}
      </Facts>
    </div>
  );
}

function Reach({
  href,
  label,
  children,
}: {
  href: string;
  label: string;
  children: React.ReactNode;
}) {
  return (
    <a
      href={href}
      aria-label={label}
      title={label}
      className="inline-flex h-7 items-center gap-1.5 rounded-control bg-raise px-2.5 font-medium shadow-control hover:bg-hover coarse:h-11"
    >
      {children}
    </a>
  );
}

function Work({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const job = typeof doc.jobTitle === "string" ? doc.jobTitle : "";
  const company = isDoc(doc.company) ? doc.company : null;
  if (!job && !company) return null;
  return (
    <Fact label={t`Works as`}>
      {job}
      {job && company && <span className="font-normal text-muted"> · </span>}
      {company && (
        <RecordLink
          slug="companies"
          id={company.id}
          className="underline decoration-edge underline-offset-2 hover:decoration-current"
        >
          {String(company.name ?? "")}
        </RecordLink>
      )}
    </Fact>
  );
}

/** Calls, emails and meetings count; notes are written without the other. */
function useLastTalk(contact: string): string | null {
  const readable = useDefinition("activities")?.permissions.read === true;
  const { data } = useQuery({
    ...listOptions("activities", {
      where: {
        and: [{ contact: { equals: contact } }, { kind: { in: ["call", "email", "meeting"] } }],
      },
      sort: "-at",
      limit: 1,
      depth: 0,
      pagination: false,
      select: { at: true },
    }),
    placeholderData: undefined,
    enabled: readable,
  });
  const at = data?.docs[0]?.at;
  return typeof at === "string" ? at : null;
}

function useOpenValue(contact: string): string {
  const readable = useDefinition("deals")?.permissions.read === true;
  const { data } = useQuery({
    ...aggregateOptions("deals", {
      where: { and: [{ primaryContact: { equals: contact } }, { status: { equals: "open" } }] },
      values: "count,sum:value",
    }),
    placeholderData: undefined,
    enabled: readable,
  });
  const count = data?.total.count ?? 0;
  if (count === 0) return "";
  const worth = moneyText(sumsOf(data?.total.sum, "value"));
  return worth ? `${count} · ${worth}` : String(count);
}
