/** Asking for a link to choose a new password. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { z } from "zod";
import { AuthFrame } from "@/app/auth/auth-frame";
import { emailCheck } from "@/app/auth/checks";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { Note } from "@/app/forms/notes";
import { useServerForm } from "@/app/forms/server-form";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";

export function BackToSignIn() {
  const { t } = useLingui();
  return (
    <Link
      to="/login"
      className="inline-flex items-center gap-1.5 rounded-tag px-1 hover:text-fg hover:underline"
    >
      <ArrowLeft size={14} aria-hidden /> {t`Back to sign-in`}
    </Link>
  );
}

export function Component() {
  const { t } = useLingui();
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <AuthFrame
      title={t`Choose a new password`}
      lead={sentTo ? undefined : t`Tell us your email address and we send you a link.`}
      below={<BackToSignIn />}
    >
      {sentTo ? <Sent to={sentTo} onAgain={() => setSentTo(null)} /> : <Ask onSent={setSentTo} />}
    </AuthFrame>
  );
}

function Ask({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useLingui();
  const check = useMemo(() => z.object({ email: emailCheck() }), []);
  const form = useServerForm({
    defaults: { email: "" },
    check,
    save: async (values) => {
      const email = values.email.trim();
      await request("POST", "/api/users/forgot-password", { body: { email }, tenant: null });
      onSent(email);
    },
  });
  const { busy } = useFormState(form);
  return (
    <form noValidate onSubmit={form.submit} className="grid gap-4">
      <FormProblem of={form} />
      <Line of={form} name="email" label={t`Email address`}>
        {({ native }) => <Input {...native} type="email" autoComplete="username" autoFocus />}
      </Line>
      <Button type="submit" variant="primary" size="lg" pending={busy} className="w-full">
        {t`Send the link`}
      </Button>
    </form>
  );
}

/** The same words whether or not there is such an account: the page must not tell. */
function Sent({ to, onAgain }: { to: string; onAgain: () => void }) {
  const { t } = useLingui();
  return (
    <div className="grid gap-4">
      <Note tone="good" live>
        <Trans>
          If <strong className="font-semibold">{to}</strong> has an account here, a link is on its
          way. It works for one hour.
        </Trans>
      </Note>
      <p className="text-muted">{t`Nothing there after a few minutes? Look among the spam, or try once more.`}</p>
      <Button size="lg" className="w-full" onClick={onAgain}>
        {t`Use another address`}
      </Button>
    </div>
  );
}
