/** Members of an account: roles, invitations, and who comes in from above. */
import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import {
  ancestorsOf,
  inheritedOptions,
  type Membership,
  membershipsOptions,
} from "@/app/settings/members/data";
import { Invitations } from "@/app/settings/members/invitations";
import { InviteDialog } from "@/app/settings/members/invite-dialog";
import { InheritedRow, MemberRow } from "@/app/settings/members/member-row";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import { ROLES, roleMeans, roleName } from "@/app/settings/roles";
import { useDefinition, useSession } from "@/engine/session";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/empty";

export function Members() {
  const { t } = useLingui();
  const { tenant } = useSession();
  const invitations = useDefinition("invitations");
  const [inviting, setInviting] = useState(false);
  const members = useQuery(membershipsOptions(tenant.id));
  const docs = (members.data?.docs ?? []) as Membership[];
  const mayInvite = invitations?.permissions.create === true;
  return (
    <Section
      title={t`Members`}
      lead={t`Who works in ${tenant.name}. A role holds in every account below as well.`}
      actions={
        mayInvite && (
          <Button
            variant="primary"
            icon={<UserPlus size={15} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            {t`Invite`}
          </Button>
        )
      }
    >
      {members.isPending ? (
        <RowsSkeleton />
      ) : members.error ? (
        <ErrorState error={members.error} onRetry={() => void members.refetch()} />
      ) : (
        <section>
          <h3 className="mb-2 font-semibold">
            <Plural value={docs.length} one="# member" other="# members" />
          </h3>
          <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
            {docs.map((doc) => (
              <MemberRow key={doc.id} membership={doc} />
            ))}
            {docs.length === 0 && (
              <li className="px-4 py-6 text-center text-muted">
                {mayInvite
                  ? t`Nobody works only here yet. Invite the first one.`
                  : t`Nobody works only here yet.`}
              </li>
            )}
          </ul>
        </section>
      )}
      {invitations?.permissions.read && <Invitations />}
      <FromAbove />
      <RoleLegend />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Section>
  );
}

function FromAbove() {
  const { t } = useLingui();
  const { tenant, tenants } = useSession();
  const above = ancestorsOf(tenant, tenants).map((each) => each.id);
  const inherited = useQuery(inheritedOptions(above));
  const docs = (inherited.data?.docs ?? []) as Membership[];
  if (docs.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{t`From above`}</h3>
      <p className="mb-2 mt-0.5 text-12 text-muted">
        {t`They reach this account through one it belongs to, and are managed there.`}
      </p>
      <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
        {docs.map((doc) => (
          <InheritedRow key={doc.id} membership={doc} />
        ))}
      </ul>
    </section>
  );
}

function RoleLegend() {
  const { t } = useLingui();
  return (
    <section>
      <h3 className="mb-2 font-semibold">{t`What the roles mean`}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-muted">
        {ROLES.map((role) => (
          <div key={role} className="contents">
            <dt className="font-medium text-fg">{roleName(role)}</dt>
            <dd>{roleMeans(role)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
