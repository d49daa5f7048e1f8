/** A new email address or password: whoever asks must know the present password. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useMemo } from "react";
import { z } from "zod";
import { emailCheck, givenCheck, MIN_PASSWORD, newPasswordCheck } from "@/app/auth/checks";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { useServerForm } from "@/app/forms/server-form";
import { meOptions, useSession } from "@/engine/session";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, PasswordInput } from "@/ui/field";
import { toast } from "@/ui/toast";

export function EmailDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { user } = useSession();
  const client = useQueryClient();
  const check = useMemo(
    () => z.object({ email: emailCheck(), currentPassword: givenCheck(t`Enter your password.`) }),
    [t],
  );
  const form = useServerForm({
    defaults: { email: user.email, currentPassword: "" },
    check,
    save: async ({ email, currentPassword }) => {
      const body = { email: email.trim(), currentPassword };
      await request("PATCH", `/api/users/${user.id}`, { body, query: { depth: 0 } });
      await client.invalidateQueries({ queryKey: meOptions.queryKey });
      toast({ title: t`You sign in as ${email.trim()} from now on`, tone: "good" });
      onClose();
    },
  });
  const { busy } = useFormState(form);
  return (
    <Shell
      title={t`Change your email address`}
      action={t`Change address`}
      busy={busy}
      onSubmit={form.submit}
      onClose={onClose}
    >
      <FormProblem of={form} />
      <Line of={form} name="email" label={t`New email address`}>
        {({ native }) => <Input {...native} type="email" autoComplete="email" autoFocus />}
      </Line>
      <Line of={form} name="currentPassword" label={t`Your password`}>
        {({ native }) => <PasswordInput {...native} autoComplete="current-password" />}
      </Line>
    </Shell>
  );
}

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { user } = useSession();
  const check = useMemo(
    () =>
      z.object({
        currentPassword: givenCheck(t`Enter your present password.`),
        password: newPasswordCheck(),
      }),
    [t],
  );
  const form = useServerForm({
    defaults: { currentPassword: "", password: "" },
    check,
    save: async (body) => {
      await request("PATCH", `/api/users/${user.id}`, { body, query: { depth: 0 } });
      toast({
        title: t`Password changed`,
        body: t`Your other sessions have ended.`,
        tone: "good",
      });
      onClose();
    },
  });
  const { busy } = useFormState(form);
  return (
    <Shell
      title={t`Change your password`}
      action={t`Change password`}
      busy={busy}
      onSubmit={form.submit}
      onClose={onClose}
    >
      <FormProblem of={form} />
      <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
      <Line of={form} name="currentPassword" label={t`Present password`}>
        {({ native }) => <PasswordInput {...native} autoComplete="current-password" autoFocus />}
      </Line>
      <Line
        of={form}
        name="password"
        label={t`New password`}
        hint={t`At least ${MIN_PASSWORD} characters; a few words are easier to remember.`}
      >
        {({ native }) => <PasswordInput {...native} autoComplete="new-password" />}
      </Line>
    </Shell>
  );
}

function Shell(props: {
  title: string;
  action: string;
  busy: boolean;
  onSubmit: (event: { preventDefault: () => void }) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useLingui();
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      size="sm"
      title={props.title}
      footer={
        <>
          <Button onClick={props.onClose}>{t`Cancel`}</Button>
          <Button type="submit" form={id} variant="primary" pending={props.busy}>
            {props.action}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={props.onSubmit} className="grid gap-4 pt-1">
        {props.children}
      </form>
    </Dialog>
  );
}
