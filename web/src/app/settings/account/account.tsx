/** The account one stands in: name, place, look. */
import { useLingui } from "@lingui/react/macro";
import { Note } from "@/app/forms/notes";
import { Brand } from "@/app/settings/account/brand";
import { Place } from "@/app/settings/account/place";
import { Section } from "@/app/settings/parts";
import { isAdmin, useSession } from "@/engine/session";
import { LinkButton } from "@/ui/button";

export function Account() {
  const { t } = useLingui();
  const { tenant, role, path } = useSession();
  const may = isAdmin(role);
  return (
    <Section
      title={t`Account`}
      lead={t`What holds for everyone in ${tenant.name}, and for every account below it.`}
      actions={may && <LinkButton to={path("setup")}>{t`Set up again…`}</LinkButton>}
    >
      {!may && <Note>{t`Admins can change these. You can see what holds.`}</Note>}
      <Place
        key={[tenant.name, tenant.currency, tenant.timezone, tenant.locale].join("|")}
        may={may}
      />
      <Brand may={may} />
    </Section>
  );
}
