/** One member: who, in which role, and the way out. */
import { useLingui } from "@lingui/react/macro";
import { MoreHorizontal, UserMinus } from "lucide-react";
import { Link } from "react-router";
import { type Membership, personOf } from "@/app/settings/members/data";
import { isStronger, roleName, rolesUpTo } from "@/app/settings/roles";
import type { Definition, Role } from "@/engine/definitions";
import { useDefinition, useSession, workspaceOf } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { Avatar } from "@/ui/avatar";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem } from "@/ui/menu";
import { Select } from "@/ui/select";

export function MemberRow({ membership }: { membership: Membership }) {
  const { user, role: own } = useSession();
  const definition = useDefinition("memberships");
  const person = personOf(membership);
  const outranked = isStronger(membership.role, own);
  const may = definition?.permissions.update === true && !outranked;
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Who
        name={person.name}
        email={person.email}
        own={person.id === user.id}
        suspended={person.status === "suspended"}
      />
      {may && definition ? (
        <RoleSelect membership={membership} definition={definition} name={person.name} />
      ) : (
        <span className="text-muted">{roleName(membership.role)}</span>
      )}
      {definition?.permissions.delete && !outranked ? (
        <MemberMenu membership={membership} definition={definition} name={person.name} />
      ) : (
        <span className="w-7" />
      )}
    </li>
  );
}

function Who(props: { name: string; email: string; own?: boolean; suspended?: boolean }) {
  const { t } = useLingui();
  return (
    <>
      <Avatar name={props.name} size={32} />
      <div className="min-w-0 grow">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{props.name}</span>
          {props.own && <Badge>{t`You`}</Badge>}
          {props.suspended && (
            <Badge hue={25} dot>
              {t({ message: "Suspended", context: "person" })}
            </Badge>
          )}
        </div>
        <div className="truncate text-12 text-muted">{props.email}</div>
      </div>
    </>
  );
}

function RoleSelect({
  membership,
  definition,
  name,
}: {
  membership: Membership;
  definition: Definition;
  name: string;
}) {
  const { t } = useLingui();
  const { role: own } = useSession();
  const writes = useWrites(definition);
  const options = rolesUpTo(own).map((value) => ({ value, label: roleName(value) }));
  const change = (role: Role | null) => {
    if (!role || role === membership.role) return;
    const message = t`${name} is ${roleName(role)} now`;
    // What the server refuses is rolled back and told by the write itself.
    void writes.update(membership, { role }, { message }).catch(() => undefined);
  };
  return (
    <div className="w-[126px] shrink-0">
      <Select
        dense
        aria-label={t`Role of ${name}`}
        options={options}
        value={membership.role}
        onChange={change}
      />
    </div>
  );
}

function MemberMenu({
  membership,
  definition,
  name,
}: {
  membership: Membership;
  definition: Definition;
  name: string;
}) {
  const { t } = useLingui();
  const { tenant, user } = useSession();
  const writes = useWrites(definition);
  const own = personOf(membership).id === user.id;
  const remove = async () => {
    const sure = await confirm({
      title: own ? t`Leave ${tenant.name}?` : t`Remove ${name} from ${tenant.name}?`,
      body: own
        ? t`You lose sight of it at once. Somebody else has to invite you again.`
        : t`They lose sight of this account at once. What they did stays.`,
      action: own ? t`Leave` : t`Remove`,
      danger: true,
    });
    if (!sure) return;
    await writes.remove([membership], t`${name} was removed`).catch(() => undefined);
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions for ${name}`} bare>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      <MenuItem danger icon={<UserMinus size={15} />} onSelect={() => void remove()}>
        {own ? t`Leave this account` : t`Remove from this account`}
      </MenuItem>
    </Menu>
  );
}

export function InheritedRow({ membership }: { membership: Membership }) {
  const { tenants } = useSession();
  const person = personOf(membership);
  const home = tenants.find((each) => each.id === tenantId(membership));
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Who name={person.name} email={person.email} />
      <span className="text-right text-muted">
        {roleName(membership.role)}
        {home && (
          <Link
            to={`/w/${workspaceOf(home, tenants)}/settings/members`}
            className="block text-12 text-faint hover:text-fg hover:underline"
          >
            {home.name}
          </Link>
        )}
      </span>
    </li>
  );
}

function tenantId(membership: Membership): string {
  const tenant: unknown = membership.tenant;
  return typeof tenant === "object" && tenant !== null && "id" in tenant
    ? String(tenant.id)
    : String(tenant);
}
