/** At the head of a company: its site, its people, what is open with it and what was won. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import type { Doc } from "@/engine/definitions";
import { aggregateOptions, countOptions } from "@/engine/documents";
import { useDefinition } from "@/engine/session";
import { formatNumber } from "@/lib/format";
import { Fact, Facts, moneyText, sumsOf } from "@/modules/crm/record/facts";

export function CompanyHeader({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const site = siteOf(doc);
  const people = usePeople(doc.id);
  const deals = useDeals(doc.id);
  return (
    <Facts>
      {site && (
        <div>
          <dt className="sr-only">{t`Site`}</dt>
          <dd>
            <a
              href={site.href}
              target="_blank"
              rel="noopener noreferrer"
              className="inline-flex h-7 items-center gap-1.5 rounded-control bg-raise px-2.5 font-medium shadow-control hover:bg-hover coarse:h-11"
            >
              <Globe size={14} aria-hidden />
              {site.text}
            </a>
          </dd>
        </div>
      )}
      {people !== undefined && <Fact label={t`Contacts`}>{formatNumber(people)}</Fact>}
      {deals?.open && <Fact label={t`Open deals`}>{deals.open}</Fact>}
      {deals?.won && <Fact label={t`Won so far`}>{deals.won}</Fact>}
    </Facts>
  );
}

/** Only addresses of the web: anything else in the field is no link. */
export function siteOf(doc: Record<string, unknown>): { href: string; text: string } | null {
  for (const value of [doc.website, doc.domain]) {
    if (typeof value !== "string" || value.trim() === "") continue;
    const full = /^https?:\/\//i.test(value) ? value : `https://${value}`;
    if (!URL.canParse(full)) continue;
    const { hostname, href } = new URL(full);
    if (hostname.includes(".")) return { href, text: hostname.replace(/^www\./, "") };
  }
  return null;
}

function usePeople(company: string): number | undefined {
  const readable = useDefinition("contacts")?.permissions.read === true;
  const where = { company: { equals: company } };
  return useQuery({ ...countOptions("contacts", where), enabled: readable }).data;
}

function useDeals(company: string): { open: string; won: string } | null {
  const readable = useDefinition("deals")?.permissions.read === true;
  const { data } = useQuery({
    ...aggregateOptions("deals", {
      where: { company: { equals: company } },
      group: "status",
      values: "count,sum:value",
    }),
    placeholderData: undefined,
    enabled: readable,
  });
  if (!data) return null;
  const of = (status: string) => {
    const group = data.groups.find((each) => each.key.status === status);
    const worth = moneyText(sumsOf(group?.sum, "value"));
    if (!group?.count) return "";
    return worth ? `${group.count} · ${worth}` : String(group.count);
  };
  return { open: of("open"), won: of("won") };
}
