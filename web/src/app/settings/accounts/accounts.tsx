/** The accounts below this one, what goes on in them, and new ones. */
import { useLingui } from "@lingui/react/macro";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import { ErrorNote } from "@/app/forms/notes";
import { AccountRow } from "@/app/settings/accounts/account-row";
import { CreateAccount } from "@/app/settings/accounts/create-account";
import { childrenOf, useFigures } from "@/app/settings/accounts/data";
import { Section } from "@/app/settings/parts";
import { useDefinition, useSession } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty";

export function Accounts() {
  const { t } = useLingui();
  const { tenant, tenants } = useSession();
  const [creating, setCreating] = useState(false);
  const children = childrenOf(tenant.id, tenants);
  const figures = useFigures(tenant.id, tenants);
  const may = useDefinition("tenants")?.permissions.create === true;
  const agencies = tenant.kind === "platform";
  const add = may && (
    <Button
      variant="primary"
      icon={<Plus size={15} aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {agencies ? t`New agency` : t`New account`}
    </Button>
  );
  return (
    <Section
      title={agencies ? t`Agencies` : t`Sub-accounts`}
      lead={
        agencies
          ? t`Each agency has clients of its own and sees nothing of the others.`
          : t`One for each client. None sees anything of another; you see them all.`
      }
      actions={children.length > 0 && add}
    >
      {figures.failed && <ErrorNote problem={asProblem(figures.failed)} />}
      {children.length === 0 ? (
        <EmptyState
          icon={Building2}
          title={agencies ? t`No agency yet` : t`No client yet`}
          body={
            agencies
              ? t`Create the first one; it sets itself up with a few questions.`
              : t`Create an account for your first client; a few questions set it up.`
          }
          action={add}
        />
      ) : (
        <div className="overflow-x-auto rounded-panel bg-raise shadow-card">
          <table className="w-full border-collapse text-left">
            <thead className="text-12 text-muted phone:sr-only">
              <tr className="border-b border-line">
                <th scope="col" className="h-9 px-4 font-medium">{t`Name`}</th>
                <th scope="col" className="px-3 text-right font-medium">{t`Contacts`}</th>
                <th scope="col" className="px-3 text-right font-medium">{t`Open deals`}</th>
                <th scope="col" className="px-3 text-right font-medium">{t`Won, 30 days`}</th>
                <th scope="col" className="w-12">
                  <span className="sr-only">{t`Actions`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {children.map((child) => (
                <AccountRow
                  key={child.id}
                  account={child}
                  figures={figures.failed || figures.pending ? null : figures.of(child.id)}
                  pending={figures.pending && !figures.failed}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {creating && <CreateAccount onClose={() => setCreating(false)} />}
    </Section>
  );
}
