/** The tenant one stands in, and the way to every other within reach, drawn as the tree it is. */
import { useLingui } from "@lingui/react/macro";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { isAdmin, type Tenant, useSession, workspaceOf } from "@/engine/session";
import { cx } from "@/lib/cx";
import { Avatar } from "@/ui/avatar";
import { Input } from "@/ui/field";
import { Popover } from "@/ui/popover";

type Row = { tenant: Tenant; level: number };

/** Parents before their children, siblings by name; what lies under an unseen parent starts a tree of its own. */
export function treeOf(tenants: readonly Tenant[]): Row[] {
  const known = new Set(tenants.map((tenant) => tenant.id));
  const under = new Map<string | null, Tenant[]>();
  for (const tenant of tenants) {
    const parent = tenant.parent && known.has(tenant.parent) ? tenant.parent : null;
    under.set(parent, [...(under.get(parent) ?? []), tenant]);
  }
  const walk = (parent: string | null, level: number): Row[] =>
    (under.get(parent) ?? []).flatMap((tenant) => [
      { tenant, level },
      ...walk(tenant.id, level + 1),
    ]);
  return walk(null, 0);
}

export function AccountSwitcher({ compact = false }: { compact?: boolean }) {
  const { t } = useLingui();
  const { tenant, tenants, settings, role } = useSession();
  const [open, setOpen] = useState(false);
  const only = tenants.length === 1 && !isAdmin(role);
  const face = (
    <>
      <TenantMark tenant={tenant} logo={settings.logo.value} />
      <span className={cx("min-w-0 grow truncate text-left font-semibold", compact && "text-14")}>
        {tenant.name}
      </span>
    </>
  );
  if (only) return <div className="flex h-9 items-center gap-2.5 px-2">{face}</div>;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="start"
      label={t`Switch account`}
      trigger={
        <button
          type="button"
          className="flex h-9 min-w-0 items-center gap-2.5 rounded-control px-2 hover:bg-hover"
        >
          {face}
          <span className="sr-only">{t`Switch account`}</span>
          <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-faint" />
        </button>
      }
    >
      <Tree onDone={() => setOpen(false)} />
    </Popover>
  );
}

export function TenantMark({ tenant, logo }: { tenant: Tenant; logo: string | null }) {
  if (logo) return <img src={logo} alt="" className="size-5 shrink-0 rounded-tag object-contain" />;
  return <Avatar name={tenant.name} size={20} square />;
}

function Tree({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const { tenant: current, tenants, role, path } = useSession();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const rows = useMemo(() => treeOf(tenants), [tenants]);
  const wanted = words.trim().toLowerCase();
  const shown = wanted
    ? rows.filter((row) => row.tenant.name.toLowerCase().includes(wanted))
    : rows;
  const go = (to: string) => {
    onDone();
    void navigate(to);
  };
  const kinds = { platform: t`Platform`, agency: t`Agency`, account: t`Account` };
  return (
    <div className="flex max-h-[min(70vh,480px)] w-[300px] flex-col phone:w-full">
      {rows.length > 6 && (
        <div className="p-1.5">
          <Input
            dense
            autoFocus
            value={words}
            placeholder={t`Find an account`}
            aria-label={t`Find an account`}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      )}
      <ul className="min-h-0 overflow-y-auto p-1.5">
        {shown.map(({ tenant, level }) => (
          <li key={tenant.id}>
            <button
              type="button"
              aria-current={tenant.id === current.id ? "true" : undefined}
              onClick={() => go(`/w/${workspaceOf(tenant, tenants)}`)}
              style={{ paddingInlineStart: 8 + (wanted ? 0 : level * 16) }}
              className="flex h-9 w-full items-center gap-2.5 rounded-control pr-2 text-left hover:bg-hover focus-visible:bg-hover phone:h-11"
            >
              <TenantMark tenant={tenant} logo={null} />
              <span className="min-w-0 grow truncate">{tenant.name}</span>
              <span className="text-12 text-faint">{kinds[tenant.kind]}</span>
              <span className="w-4">
                {tenant.id === current.id && <Check size={14} aria-hidden />}
              </span>
            </button>
          </li>
        ))}
        {shown.length === 0 && (
          <li className="px-2 py-3 text-muted">{t`No account is called that.`}</li>
        )}
      </ul>
      {isAdmin(role) && current.kind !== "account" && (
        <div className="border-t border-line p-1.5">
          <button
            type="button"
            onClick={() => go(path("settings/accounts"))}
            className="flex h-9 w-full items-center gap-2.5 rounded-control px-2 text-muted hover:bg-hover hover:text-fg phone:h-11"
          >
            <Plus size={15} aria-hidden /> {t`Accounts of ${current.name}`}
          </button>
        </div>
      )}
    </div>
  );
}
