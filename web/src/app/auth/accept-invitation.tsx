/** Accepting an invitation: a new account, or one more workspace for an existing one. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { z } from "zod";
import { useArrive } from "@/app/auth/arrive";
import { AuthFrame } from "@/app/auth/auth-frame";
import { givenCheck, MIN_PASSWORD, newPasswordCheck } from "@/app/auth/checks";
import { BackToSignIn } from "@/app/auth/forgot-password";
import { useHashToken } from "@/app/auth/hash-token";
import { SignInProblem } from "@/app/auth/sign-in-problem";
import { Line, useFormState } from "@/app/forms/line";
import { ErrorNote, Note } from "@/app/forms/notes";
import { useServerForm } from "@/app/forms/server-form";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Input, PasswordInput } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

type Invitation = {
  email: string;
  name: string | null;
  tenant: { name: string; logo: string | null; brandColor: string | null };
  /** Whether the address has an account already. */
  exists: boolean;
};

export function Component() {
  const { t } = useLingui();
  const token = useHashToken();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () =>
      request<Invitation>("POST", "/api/users/invitation", { body: { token }, tenant: null }),
    enabled: token !== "",
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (invitation.data) return <Accept token={token} invitation={invitation.data} />;
  const problem = invitation.error ? asProblem(invitation.error) : null;
  return (
    <AuthFrame title={t`Your invitation`} below={<BackToSignIn />}>
      {token !== "" && !problem ? (
        <div className="grid gap-4">
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
        </div>
      ) : problem?.passing ? (
        <div className="grid gap-4">
          <ErrorNote problem={problem} />
          <Button size="lg" onClick={() => void invitation.refetch()}>{t`Try again`}</Button>
        </div>
      ) : (
        <Note tone="warn" live>
          {t`This invitation is not valid any more: it was accepted, taken back, or it is older than a week. Ask whoever invited you for a new one.`}
        </Note>
      )}
    </AuthFrame>
  );
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t } = useLingui();
  const { tenant, exists, email } = invitation;
  return (
    <AuthFrame
      title={t`Join ${tenant.name}`}
      lead={
        exists
          ? t`You have an account already. Sign in to add this workspace to it.`
          : t`Choose how you are called and a password, and you are in.`
      }
      mark={
        <span className="flex items-center gap-2.5 text-14 font-semibold">
          <Avatar name={tenant.name} image={tenant.logo} size={32} square />
          {tenant.name}
        </span>
      }
      below={<BackToSignIn />}
    >
      <AcceptForm token={token} email={email} exists={exists} name={invitation.name ?? ""} />
    </AuthFrame>
  );
}

function AcceptForm(props: { token: string; email: string; exists: boolean; name: string }) {
  const { t } = useLingui();
  const { token, email, exists } = props;
  const arrive = useArrive();
  const check = useMemo(
    () =>
      exists
        ? z.object({ name: z.string(), password: givenCheck(t`Enter your password.`) })
        : z.object({ name: givenCheck(t`Enter your name.`), password: newPasswordCheck() }),
    [exists, t],
  );
  const form = useServerForm({
    defaults: { name: props.name, password: "" },
    check,
    save: async ({ name, password }) => {
      const body = { token, name: name.trim(), password };
      await request("POST", "/api/users/accept-invitation", { body, tenant: null });
      await arrive("/");
    },
  });
  const { busy } = useFormState(form);
  return (
    <form noValidate onSubmit={form.submit} className="grid gap-4">
      {form.said.rest && <SignInProblem problem={form.said.rest} />}
      <div className="flex items-center gap-2.5 rounded-card bg-hover px-3 py-2">
        <span className="text-12 text-muted">{t`Email`}</span>
        <span className="truncate font-medium">{email}</span>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      </div>
      {!exists && (
        <Line of={form} name="name" label={t`Your name`}>
          {({ native }) => <Input {...native} autoComplete="name" autoFocus />}
        </Line>
      )}
      <Line
        of={form}
        name="password"
        label={t`Password`}
        hint={exists ? undefined : t`At least ${MIN_PASSWORD} characters.`}
      >
        {({ native }) => (
          <PasswordInput
            {...native}
            autoComplete={exists ? "current-password" : "new-password"}
            autoFocus={exists}
          />
        )}
      </Line>
      <Button type="submit" variant="primary" size="lg" pending={busy} className="w-full">
        {exists ? t`Sign in and join` : t`Create my account`}
      </Button>
      {exists && (
        <Link
          to="/forgot-password"
          className="text-center text-muted hover:text-fg hover:underline"
        >
          {t`Forgot your password?`}
        </Link>
      )}
    </form>
  );
}
