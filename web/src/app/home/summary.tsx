/** The four figures at the head of the page. */
import { Plural, useLingui } from "@lingui/react/macro";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import type { ReactNode } from "react";
import { addMoney, moneyOf, rateOf, stagesOf } from "@/app/home/figures";
import { MoneyList } from "@/app/home/money-list";
import { Ready } from "@/app/home/part";
import type { Scope } from "@/app/home/scope";
import { useDecided, useNewContacts, useOpenByStage } from "@/app/home/use-figures";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { formatMoney, formatNumber } from "@/lib/format";

export function Summary({
  scope,
  contacts,
  deals,
}: {
  scope: Scope;
  contacts: boolean;
  deals: boolean;
}) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(220px,1fr))] gap-3 phone:grid-cols-2">
      {deals && <OpenFigure scope={scope} />}
      {deals && <DecidedFigures scope={scope} />}
      {contacts && <ContactsFigure scope={scope} />}
    </div>
  );
}

function Box({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="min-h-[94px] min-w-0 rounded-panel bg-raise px-4 py-3 shadow-card"
    >
      <h2 className="truncate text-muted">{label}</h2>
      {children}
    </section>
  );
}

function Big({ children }: { children: ReactNode }) {
  return <span className="text-24 font-semibold tracking-[-0.025em]">{children}</span>;
}

function Small({ children }: { children: ReactNode }) {
  return <p className="truncate text-12 text-muted">{children}</p>;
}

/** Where it went and by how much: by arrow and sign, not by color alone. */
function Delta({ change, text, title }: { change: number; text: string; title: string }) {
  const Icon = change > 0 ? ArrowUpRight : change < 0 ? ArrowDownRight : ArrowRight;
  const tone = change > 0 ? "text-good" : change < 0 ? "text-danger" : "text-muted";
  return (
    <span
      title={title}
      className={cx("inline-flex items-center gap-0.5 text-12 font-medium", tone)}
    >
      <Icon size={13} aria-hidden />
      {text}
      <span className="sr-only">{title}</span>
    </span>
  );
}

function signed(value: number, options: Intl.NumberFormatOptions = {}): string {
  return formatNumber(value, { signDisplay: "exceptZero", maximumFractionDigits: 0, ...options });
}

function OpenFigure({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const currency = useSession().settings.currency.value;
  const query = useOpenByStage(scope, null);
  return (
    <Box label={t`Open pipeline`}>
      <Ready queries={[query]} small lines={2}>
        {() => {
          const weighted = addMoney(
            stagesOf(query.data?.groups ?? []).map((stage) => stage.weighted),
          );
          const amounts = weighted.map((money) => formatMoney(money, "compact")).join(" + ");
          const count = query.data?.total.count ?? 0;
          return (
            <>
              <MoneyList list={moneyOf(query.data?.total.sum?.value)} currency={currency} />
              <Small>
                <Plural value={count} one="# deal" other="# deals" />
                {amounts && ` · ${t`${amounts} weighted`}`}
              </Small>
            </>
          );
        }}
      </Ready>
    </Box>
  );
}

function DecidedFigures({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const currency = useSession().settings.currency.value;
  const { now, before } = useDecided(scope);
  return (
    <>
      <Box label={t`Won in 90 days`}>
        <Ready queries={[now]} small lines={2}>
          {() => {
            const won = now.data?.groups.find((group) => group.key.status === "won");
            return (
              <>
                <MoneyList list={moneyOf(won?.sum?.value)} currency={currency} />
                <Small>
                  <Plural value={won?.count ?? 0} one="# deal" other="# deals" />
                </Small>
              </>
            );
          }}
        </Ready>
      </Box>
      <Box label={t`Win rate, 90 days`}>
        <Ready queries={[now, before]} small lines={2}>
          {() => <WinRate now={rateOf(now.data)} before={rateOf(before.data)} />}
        </Ready>
      </Box>
    </>
  );
}

function WinRate({
  now,
  before,
}: {
  now: ReturnType<typeof rateOf>;
  before: ReturnType<typeof rateOf>;
}) {
  const { t } = useLingui();
  if (now.rate === null) {
    return (
      <>
        <Big>–</Big>
        <Small>{t`No deal was won or lost yet`}</Small>
      </>
    );
  }
  const points = before.rate === null ? null : Math.round((now.rate - before.rate) * 100);
  const change = points === null ? "" : signed(points);
  return (
    <>
      <span className="flex items-baseline gap-2">
        <Big>{formatNumber(now.rate, { style: "percent" })}</Big>
        {points !== null && (
          <Delta
            change={points}
            text={t`${change} pts`}
            title={t`compared with the 90 days before`}
          />
        )}
      </span>
      <Small>{t`${now.won} won, ${now.lost} lost`}</Small>
    </>
  );
}

function ContactsFigure({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { now, before } = useNewContacts(scope);
  return (
    <Box label={t`New contacts, 30 days`}>
      <Ready queries={[now, before]} small lines={2}>
        {() => {
          const count = now.data ?? 0;
          const former = before.data ?? 0;
          const share = former === 0 ? null : (count - former) / former;
          const formerText = formatNumber(former);
          return (
            <>
              <span className="flex items-baseline gap-2">
                <Big>{formatNumber(count)}</Big>
                {share !== null && (
                  <Delta
                    change={Math.sign(share)}
                    text={signed(share, { style: "percent" })}
                    title={t`compared with the 30 days before`}
                  />
                )}
              </span>
              <Small>{t`${formerText} in the 30 days before`}</Small>
            </>
          );
        }}
      </Ready>
    </Box>
  );
}
