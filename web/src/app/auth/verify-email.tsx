/** Confirming an email address with a mailed link. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { AuthFrame } from "@/app/auth/auth-frame";
import { BackToSignIn } from "@/app/auth/forgot-password";
import { useHashToken } from "@/app/auth/hash-token";
import { ErrorNote, Note } from "@/app/forms/notes";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Button, LinkButton } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

export function Component() {
  const { t } = useLingui();
  const token = useHashToken();
  return (
    <AuthFrame title={t`Confirm your email address`} below={<BackToSignIn />}>
      {token ? <Confirming token={token} /> : <Invalid />}
    </AuthFrame>
  );
}

function Confirming({ token }: { token: string }) {
  const { t } = useLingui();
  // A query rather than a mutation: asked once for a token however often the page is drawn.
  const verified = useQuery({
    queryKey: ["verify", token],
    queryFn: () =>
      request("POST", `/api/users/verify/${encodeURIComponent(token)}`, { tenant: null }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (verified.isPending) return <Skeleton className="h-10 w-full" />;
  if (!verified.error) {
    return (
      <div className="grid gap-4">
        <Note tone="good" live>
          {t`Thank you, your address is confirmed.`}
        </Note>
        <LinkButton to="/" variant="primary" size="lg" className="w-full">
          {t`Go on`}
        </LinkButton>
      </div>
    );
  }
  const problem = asProblem(verified.error);
  if (!problem.passing) return <Invalid />;
  return (
    <div className="grid gap-4">
      <ErrorNote problem={problem} />
      <Button size="lg" className="w-full" onClick={() => void verified.refetch()}>
        {t`Try again`}
      </Button>
    </div>
  );
}

function Invalid() {
  const { t } = useLingui();
  return (
    <Note tone="warn" live>
      {t`This link is not valid any more: it was used already, or it was cut off. If you can sign in, all is well.`}
    </Note>
  );
}
