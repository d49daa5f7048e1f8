/** The accounts of an agency with what each of them has open; under one, everything below it counts too. */
import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { addMoney, moneyOf } from "@/app/home/figures";
import { whole } from "@/app/home/money-list";
import { Part, Ready } from "@/app/home/part";
import type { Scope } from "@/app/home/scope";
import { useRollUp } from "@/app/home/use-figures";
import type { Money } from "@/engine/documents";
import { isAdmin, type Tenant, useSession, workspaceOf } from "@/engine/session";
import { descendants } from "@/engine/tenants";
import { formatMoney, formatNumber } from "@/lib/format";
import { Avatar } from "@/ui/avatar";
import { Badge } from "@/ui/badge";

const MOST = 12;

type Row = { tenant: Tenant; open: Money[]; deals: number; contacts: number };

function useRows(scope: Scope) {
  const { tenant, tenants } = useSession();
  const { deals, contacts } = useRollUp(scope.below.map((each) => each.id));
  const children = tenants.filter((each) => each.parent === tenant.id);
  const rows: Row[] = children.map((child) => {
    const ids = new Set([child.id, ...descendants(child.id, tenants).map((each) => each.id)]);
    const ofDeals = deals.data?.groups.filter((group) => ids.has(String(group.key.tenant))) ?? [];
    const ofContacts =
      contacts.data?.groups.filter((group) => ids.has(String(group.key.tenant))) ?? [];
    return {
      tenant: child,
      open: addMoney(ofDeals.map((group) => moneyOf(group.sum?.value))),
      deals: ofDeals.reduce((sum, group) => sum + (group.count ?? 0), 0),
      contacts: ofContacts.reduce((sum, group) => sum + (group.count ?? 0), 0),
    };
  });
  // Busiest first, whatever the currency; those where nothing happens by name.
  rows.sort((a, b) => b.deals - a.deals || a.tenant.name.localeCompare(b.tenant.name));
  return { rows, queries: [deals, contacts] };
}

const CELL = "h-11 px-2 text-right first:pl-4 last:pr-4";

export function AccountsCard({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  const { role, path } = useSession();
  const { rows, queries } = useRows(scope);
  return (
    <Part
      title={t`Accounts`}
      note={rows.length}
      action={
        isAdmin(role) && (
          <Link
            to={path("settings/accounts")}
            className="font-medium text-muted hover:text-fg coarse:py-3"
          >
            {t`Manage`}
          </Link>
        )
      }
    >
      <Ready queries={queries} lines={4}>
        {() => (
          <div className="overflow-x-auto pb-2">
            <table className="w-full">
              <thead>
                <tr className="text-12 text-muted">
                  <th scope="col" className="h-8 px-2 pl-4 text-left font-medium">{t`Account`}</th>
                  <th scope="col" className="px-2 text-right font-medium">{t`Open value`}</th>
                  <th
                    scope="col"
                    className="px-2 text-right font-medium phone:hidden"
                  >{t`Open deals`}</th>
                  <th
                    scope="col"
                    className="px-2 pr-4 text-right font-medium"
                  >{t`New contacts, 30 days`}</th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, MOST).map((row) => (
                  <AccountRow key={row.tenant.id} row={row} />
                ))}
              </tbody>
            </table>
            {rows.length > MOST && (
              <p className="px-4 pt-1 text-12 text-muted">
                {t`The ${MOST} with most open deals are shown.`}
              </p>
            )}
          </div>
        )}
      </Ready>
    </Part>
  );
}

function AccountRow({ row }: { row: Row }) {
  const { t } = useLingui();
  const { tenants } = useSession();
  const { tenant, open, deals, contacts } = row;
  return (
    <tr className="border-t border-line hover:bg-hover dark:hover:bg-active/60">
      <th scope="row" className="h-11 max-w-0 px-2 pl-4 text-left font-medium desk:w-2/5">
        <Link
          to={`/w/${workspaceOf(tenant, tenants)}`}
          className="flex min-w-0 items-center gap-2.5 hover:underline coarse:min-h-11"
        >
          <Avatar name={tenant.name} size={20} square />
          <span className="truncate">{tenant.name}</span>
          {tenant.kind === "agency" && <Badge>{t`Agency`}</Badge>}
          {tenant.status === "suspended" && <Badge hue={25}>{t`Suspended`}</Badge>}
        </Link>
      </th>
      <td className={CELL}>
        {open.length === 0 ? (
          <span className="text-faint">–</span>
        ) : (
          open.map((money) => (
            <span key={money.currency} className="block font-medium leading-5">
              {formatMoney(whole(money))}
            </span>
          ))
        )}
      </td>
      <td className={`${CELL} phone:hidden`}>{formatNumber(deals)}</td>
      <td className={CELL}>{formatNumber(contacts)}</td>
    </tr>
  );
}
