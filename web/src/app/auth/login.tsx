/** Signing in. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { z } from "zod";
import { useArrive } from "@/app/auth/arrive";
import { AuthFrame } from "@/app/auth/auth-frame";
import { emailCheck, givenCheck } from "@/app/auth/checks";
import { initOptions } from "@/app/auth/init";
import { safeNext } from "@/app/auth/next-path";
import { SignInProblem } from "@/app/auth/sign-in-problem";
import { Line, useFormState } from "@/app/forms/line";
import { useServerForm } from "@/app/forms/server-form";
import { meOptions } from "@/engine/session";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Input, PasswordInput } from "@/ui/field";

export function Component() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const next = safeNext(params.get("next"));
  const me = useQuery(meOptions);
  const init = useQuery(initOptions);
  if (me.data) return <Navigate replace to={next} />;
  if (init.data?.initialized === false) return <Navigate replace to="/welcome" />;
  return (
    <AuthFrame
      title={t`Sign in`}
      lead={t`Good to see you again.`}
      below={
        <Link to="/forgot-password" className="rounded-tag px-1 hover:text-fg hover:underline">
          {t`Forgot your password?`}
        </Link>
      }
    >
      <SignInForm next={next} />
    </AuthFrame>
  );
}

function SignInForm({ next }: { next: string }) {
  const { t } = useLingui();
  const arrive = useArrive();
  const check = useMemo(
    () => z.object({ email: emailCheck(), password: givenCheck(t`Enter your password.`) }),
    [t],
  );
  const form = useServerForm({
    defaults: { email: "", password: "" },
    check,
    save: async ({ email, password }) => {
      const body = { email: email.trim(), password };
      await request("POST", "/api/users/login", { body, tenant: null });
      await arrive(next);
    },
  });
  const { busy } = useFormState(form);
  return (
    <form noValidate onSubmit={form.submit} className="grid gap-4">
      {form.said.rest && <SignInProblem problem={form.said.rest} />}
      <Line of={form} name="email" label={t`Email address`}>
        {({ native }) => <Input {...native} type="email" autoComplete="username" autoFocus />}
      </Line>
      <Line of={form} name="password" label={t`Password`}>
        {({ native }) => <PasswordInput {...native} autoComplete="current-password" />}
      </Line>
      <Button type="submit" variant="primary" size="lg" pending={busy} className="mt-1 w-full">
        {t`Sign in`}
      </Button>
    </form>
  );
}
