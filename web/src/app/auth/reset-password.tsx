/** Choosing a new password with a mailed link; one is signed in afterwards. */
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { z } from "zod";
import { useArrive } from "@/app/auth/arrive";
import { AuthFrame } from "@/app/auth/auth-frame";
import { MIN_PASSWORD, newPasswordCheck } from "@/app/auth/checks";
import { BackToSignIn } from "@/app/auth/forgot-password";
import { useHashToken } from "@/app/auth/hash-token";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { Note } from "@/app/forms/notes";
import { useServerForm } from "@/app/forms/server-form";
import { request } from "@/lib/request";
import { Button, LinkButton } from "@/ui/button";
import { PasswordInput } from "@/ui/field";

export function Component() {
  const { t } = useLingui();
  const token = useHashToken();
  return (
    <AuthFrame
      title={t`Choose a new password`}
      lead={token ? t`All your other sessions end when you save it.` : undefined}
      below={<BackToSignIn />}
    >
      {token ? <NewPassword key={token} token={token} /> : <DeadLink />}
    </AuthFrame>
  );
}

function NewPassword({ token }: { token: string }) {
  const { t } = useLingui();
  const arrive = useArrive();
  const check = useMemo(() => z.object({ password: newPasswordCheck() }), []);
  const form = useServerForm({
    defaults: { password: "" },
    check,
    save: async ({ password }) => {
      const body = { token, password };
      await request("POST", "/api/users/reset-password", { body, tenant: null });
      await arrive("/");
    },
  });
  const { busy } = useFormState(form);
  if (form.said.rest?.kind === "forbidden") return <DeadLink />;
  return (
    <form noValidate onSubmit={form.submit} className="grid gap-4">
      <FormProblem of={form} />
      <Line
        of={form}
        name="password"
        label={t`New password`}
        hint={t`At least ${MIN_PASSWORD} characters; a few words are easier to remember.`}
      >
        {({ native }) => <PasswordInput {...native} autoComplete="new-password" autoFocus />}
      </Line>
      <Button type="submit" variant="primary" size="lg" pending={busy} className="w-full">
        {t`Save and sign in`}
      </Button>
    </form>
  );
}

function DeadLink() {
  const { t } = useLingui();
  return (
    <div className="grid gap-4">
      <Note tone="warn" live>
        {t`This link is not valid any more: it was used, it is older than an hour, or it was cut off.`}
      </Note>
      <LinkButton to="/forgot-password" variant="primary" size="lg" className="w-full">
        {t`Ask for a new link`}
      </LinkButton>
    </div>
  );
}
