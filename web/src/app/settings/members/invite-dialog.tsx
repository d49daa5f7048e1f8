/** Asking somebody in: an address and a role, the rest they say themselves. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { z } from "zod";
import { emailCheck } from "@/app/auth/checks";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { useServerForm } from "@/app/forms/server-form";
import { roleMeans, roleName, rolesUpTo } from "@/app/settings/roles";
import { refresh } from "@/engine/documents";
import { useSession } from "@/engine/session";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input } from "@/ui/field";
import { toast } from "@/ui/toast";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { tenant, role: own } = useSession();
  const client = useQueryClient();
  const id = useId();
  const check = useMemo(
    () => z.object({ email: emailCheck(), name: z.string(), role: z.string() }),
    [],
  );
  const form = useServerForm({
    defaults: { email: "", name: "", role: "member" },
    check,
    save: async ({ email, name, role }) => {
      const body = { email: email.trim(), name: name.trim() || null, role };
      await request("POST", "/api/invitations", { body, query: { depth: 0 } });
      void refresh(client, "invitations");
      toast({ title: t`Invitation sent to ${email.trim()}`, tone: "good" });
      onClose();
    },
  });
  const { busy } = useFormState(form);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={t`Invite to ${tenant.name}`}
      description={t`They get an email with a link that works for seven days.`}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button type="submit" form={id} variant="primary" pending={busy}>
            {t`Send invitation`}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={form.submit} className="grid gap-4 pt-1">
        <FormProblem of={form} />
        <Line of={form} name="email" label={t`Email address`} required>
          {({ native }) => <Input {...native} type="email" autoComplete="off" autoFocus />}
        </Line>
        <Line of={form} name="name" label={t`Name`}>
          {({ native }) => <Input {...native} autoComplete="off" />}
        </Line>
        <Line of={form} name="role" label={t`Role`}>
          {({ wiring, value, set }) => (
            <div id={wiring.id} role="radiogroup" aria-label={t`Role`} className="grid gap-1.5">
              {rolesUpTo(own).map((role) => (
                <label
                  key={role}
                  className="flex items-start gap-2.5 rounded-card px-3 py-2 shadow-ring hover:bg-hover has-[:checked]:shadow-[0_0_0_1.5px_var(--accent)]"
                >
                  <input
                    type="radio"
                    name="role"
                    className="mt-1 accent-(--accent)"
                    checked={value === role}
                    onChange={() => set(role)}
                  />
                  <span>
                    <span className="block font-medium">{roleName(role)}</span>
                    <span className="block text-12 text-muted">{roleMeans(role)}</span>
                  </span>
                </label>
              ))}
            </div>
          )}
        </Line>
      </form>
    </Dialog>
  );
}
