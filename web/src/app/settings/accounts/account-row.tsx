/** One account: the way in, its figures, whether it is let in. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Ban, LogIn, MoreHorizontal, Play, Settings } from "lucide-react";
import { Link, useNavigate } from "react-router";
import { tenantsChanged } from "@/app/settings/account/save-tenant";
import type { Figures } from "@/app/settings/accounts/data";
import type { Money } from "@/engine/documents";
import { patchOne } from "@/engine/patch";
import { type Tenant, useDefinition, useSession, workspaceOf } from "@/engine/session";
import { offerUndo } from "@/engine/writes";
import { formatMoney, formatNumber } from "@/lib/format";
import { asProblem } from "@/lib/problem";
import { Avatar } from "@/ui/avatar";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem } from "@/ui/menu";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toast";

const CELL = "px-3 text-right phone:block phone:p-0 phone:text-left phone:text-12 phone:text-muted";

export function AccountRow({
  account,
  figures,
  pending,
}: {
  account: Tenant;
  figures: Figures | null;
  pending: boolean;
}) {
  const { t } = useLingui();
  const { tenants } = useSession();
  const to = `/w/${workspaceOf(account, tenants)}`;
  const waiting = pending ? <Skeleton className="ml-auto h-3.5 w-12" /> : "–";
  return (
    <tr className="h-12 border-b border-line last:border-0 phone:relative phone:grid phone:h-auto phone:gap-0.5 phone:px-4 phone:py-3 phone:pr-14">
      <td className="px-4 phone:block phone:p-0">
        <Link to={to} className="flex min-w-0 items-center gap-2.5 font-medium hover:underline">
          <Avatar name={account.name} size={24} square />
          <span className="truncate">{account.name}</span>
          {account.status === "suspended" && <Badge hue={25} dot>{t`Suspended`}</Badge>}
        </Link>
      </td>
      <td className={CELL}>
        <PhoneLabel>{t`Contacts`}</PhoneLabel>
        {figures ? formatNumber(figures.contacts) : waiting}
      </td>
      <td className={CELL}>
        <PhoneLabel>{t`Open deals`}</PhoneLabel>
        {figures ? <Sums of={figures.open} /> : waiting}
      </td>
      <td className={CELL}>
        <PhoneLabel>{t`Won, 30 days`}</PhoneLabel>
        {figures ? <Sums of={figures.won} /> : waiting}
      </td>
      <td className="pr-3 text-right phone:absolute phone:right-1 phone:top-2 phone:p-0">
        <AccountMenu account={account} to={to} />
      </td>
    </tr>
  );
}

function PhoneLabel({ children }: { children: string }) {
  return <span className="mr-1.5 desk:hidden">{children}:</span>;
}

function Sums({ of }: { of: readonly Money[] }) {
  const [first, ...rest] = of;
  if (!first) return <span className="text-faint">0</span>;
  const all = of.map((money) => formatMoney(money)).join(" · ");
  return (
    <span title={all}>
      {formatMoney(first, "compact")}
      {rest.length > 0 && <span className="text-muted"> +{rest.length}</span>}
    </span>
  );
}

function AccountMenu({ account, to }: { account: Tenant; to: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useDefinition("tenants")?.permissions.update === true;
  const suspended = account.status === "suspended";
  const write = async (status: Tenant["status"], only?: { ifMatch: () => string }) => {
    try {
      return await patchOne("tenants", account.id, { status }, only);
    } finally {
      await tenantsChanged(client);
    }
  };
  const set = async (status: Tenant["status"], message: string) => {
    try {
      const written = await write(status);
      const { status: former } = account;
      offerUndo(message, ({ over, notUndone }) =>
        write(former, over(written, { status })).catch(notUndone),
      );
    } catch (thrown) {
      toast.error(t`Not saved`, asProblem(thrown));
    }
  };
  const suspend = async () => {
    const sure = await confirm({
      title: t`Suspend ${account.name}?`,
      body: t`Its members are shut out at once, those of accounts below it too. Nothing is deleted, and you can let them in again.`,
      action: t`Suspend`,
      danger: true,
    });
    if (sure) await set("suspended", t`${account.name} is suspended`);
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions for ${account.name}`} bare>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      <MenuItem icon={<LogIn size={15} />} onSelect={() => void navigate(to)}>
        {t`Open`}
      </MenuItem>
      <MenuItem
        icon={<Settings size={15} />}
        onSelect={() => void navigate(`${to}/settings/account`)}
      >
        {t`Its settings`}
      </MenuItem>
      {may && !suspended && (
        <MenuItem danger icon={<Ban size={15} />} onSelect={() => void suspend()}>
          {t`Suspend`}
        </MenuItem>
      )}
      {may && suspended && (
        <MenuItem
          icon={<Play size={15} />}
          onSelect={() => void set("active", t`${account.name} is active again`)}
        >
          {t`Activate`}
        </MenuItem>
      )}
    </Menu>
  );
}
