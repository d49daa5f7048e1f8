/** The very first person: the owner of everything. Four fields, then the questions that set the account up. */
import { useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { Navigate, useNavigate } from "react-router";
import { z } from "zod";
import { meet } from "@/app/auth/arrive";
import { AuthFrame } from "@/app/auth/auth-frame";
import { emailCheck, givenCheck, MIN_PASSWORD, newPasswordCheck } from "@/app/auth/checks";
import { initOptions } from "@/app/auth/init";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { useServerForm } from "@/app/forms/server-form";
import { tenantsOptions, workspaceOf } from "@/engine/session";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/empty";
import { Input, PasswordInput } from "@/ui/field";

export function Component() {
  const { t } = useLingui();
  const init = useQuery(initOptions);
  if (init.error) return <ErrorState page error={init.error} onRetry={() => void init.refetch()} />;
  if (!init.data) return null;
  if (init.data.initialized) return <Navigate replace to="/" />;
  return (
    <AuthFrame
      title={t`Welcome to Mainstay`}
      lead={t`You are the first one here. Create the owner's account; everything else can be changed later.`}
    >
      <FirstUser />
    </AuthFrame>
  );
}

function useRegister() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (body: Record<string, string>) => {
    await request("POST", "/api/users/first-register", { body, tenant: null });
    const user = await meet(client);
    const tenants = await client.fetchQuery(tenantsOptions);
    const own = tenants.find((tenant) => tenant.id === user.tenants[0]?.tenant) ?? tenants[0];
    await navigate(own ? `/w/${workspaceOf(own, tenants)}/setup` : "/", { replace: true });
  };
}

function FirstUser() {
  const { t } = useLingui();
  const register = useRegister();
  const check = useMemo(
    () =>
      z.object({
        name: givenCheck(t`Enter your name.`),
        email: emailCheck(),
        password: newPasswordCheck(),
        platform: givenCheck(t`Enter the name of your company.`),
      }),
    [t],
  );
  const form = useServerForm({
    defaults: { name: "", email: "", password: "", platform: "" },
    check,
    save: ({ name, email, password, platform }) =>
      register({ name: name.trim(), email: email.trim(), password, platform: platform.trim() }),
  });
  const { busy } = useFormState(form);
  return (
    <form noValidate onSubmit={form.submit} className="grid gap-4">
      <FormProblem of={form} />
      <Line of={form} name="name" label={t`Your name`}>
        {({ native }) => <Input {...native} autoComplete="name" autoFocus />}
      </Line>
      <Line of={form} name="email" label={t`Email address`}>
        {({ native }) => <Input {...native} type="email" autoComplete="username" />}
      </Line>
      <Line
        of={form}
        name="password"
        label={t`Password`}
        hint={t`At least ${MIN_PASSWORD} characters; a few words are easier to remember.`}
      >
        {({ native }) => <PasswordInput {...native} autoComplete="new-password" />}
      </Line>
      <Line of={form} name="platform" label={t`Company`}>
        {({ native }) => <Input {...native} autoComplete="organization" />}
      </Line>
      <Button type="submit" variant="primary" size="lg" pending={busy} className="mt-1 w-full">
        {t`Create my account`}
      </Button>
    </form>
  );
}
