/** Invitations that nobody has accepted yet: sent again or taken back. */
import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail, MoreHorizontal, Send, X } from "lucide-react";
import { type Invitation, invitationsOptions } from "@/app/settings/members/data";
import { roleName } from "@/app/settings/roles";
import type { Definition } from "@/engine/definitions";
import { refresh } from "@/engine/documents";
import { useDefinition, useSession } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { formatRelative } from "@/lib/format";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { ErrorState } from "@/ui/empty";
import { Menu, MenuItem } from "@/ui/menu";
import { toast } from "@/ui/toast";

export function Invitations() {
  const { t } = useLingui();
  const { tenant } = useSession();
  const definition = useDefinition("invitations");
  const open = useQuery(invitationsOptions(tenant.id));
  if (open.error) {
    return <ErrorState compact error={open.error} onRetry={() => void open.refetch()} />;
  }
  const docs = (open.data?.docs ?? []) as Invitation[];
  if (docs.length === 0 || !definition) return null;
  return (
    <section>
      <h3 className="mb-2 font-semibold">{t`Invited`}</h3>
      <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
        {docs.map((doc) => (
          <InvitationRow key={doc.id} invitation={doc} definition={definition} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({
  invitation,
  definition,
}: {
  invitation: Invitation;
  definition: Definition;
}) {
  const { t } = useLingui();
  const { email, name, role, expiresAt } = invitation;
  const expired = Date.parse(expiresAt) < Date.now();
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <span className="inline-flex size-8 shrink-0 items-center justify-center rounded-full bg-hover text-muted">
        <Mail size={15} aria-hidden />
      </span>
      <div className="min-w-0 grow">
        <div className="truncate font-medium">{name || email}</div>
        <div className="truncate text-12 text-muted">
          {name ? `${email} · ` : ""}
          {expired
            ? t`expired ${formatRelative(expiresAt)}`
            : t`expires ${formatRelative(expiresAt)}`}
        </div>
      </div>
      {expired && <Badge hue={45} dot>{t`Expired`}</Badge>}
      <span className="text-muted">{roleName(role)}</span>
      {definition.permissions.delete || definition.permissions.create ? (
        <InvitationMenu invitation={invitation} definition={definition} />
      ) : null}
    </li>
  );
}

function InvitationMenu({
  invitation,
  definition,
}: {
  invitation: Invitation;
  definition: Definition;
}) {
  const { t } = useLingui();
  const client = useQueryClient();
  const writes = useWrites(definition);
  const { email } = invitation;
  const resend = useMutation({
    mutationFn: () => request("POST", `/api/invitations/${invitation.id}/resend`, { body: {} }),
    onSuccess: () => toast({ title: t`Sent to ${email} again`, tone: "good" }),
    onError: (error) => toast.error(t`Not sent`, asProblem(error)),
    onSettled: () => refresh(client, "invitations"),
  });
  const revoke = async () => {
    const sure = await confirm({
      title: t`Take back the invitation of ${email}?`,
      body: t`The link in the email stops working at once.`,
      action: t`Take back`,
      danger: true,
    });
    if (!sure) return;
    await writes.remove([invitation], t`Invitation taken back`).catch(() => undefined);
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions for the invitation of ${email}`} bare>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      {definition.permissions.create && (
        <MenuItem icon={<Send size={15} />} onSelect={() => resend.mutate()}>
          {t`Send again`}
        </MenuItem>
      )}
      {definition.permissions.delete && (
        <MenuItem danger icon={<X size={15} />} onSelect={() => void revoke()}>
          {t`Take back`}
        </MenuItem>
      )}
    </Menu>
  );
}
