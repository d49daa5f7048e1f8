/** Why one was not let in, with the way on. */
import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";
import { ErrorNote, Note } from "@/app/forms/notes";
import type { Problem } from "@/lib/problem";

export function SignInProblem({ problem }: { problem: Problem }) {
  if (problem.kind !== "signedOut") return <ErrorNote problem={problem} />;
  return (
    <Note tone="danger" live>
      <Reason message={problem.message} />
    </Note>
  );
}

function Reason({ message }: { message: string }) {
  // The wire contract tells these apart by their words only.
  if (/locked/i.test(message)) {
    return (
      <Trans>
        This account is locked for a while after too many wrong passwords. Wait ten minutes, or{" "}
        <Link to="/forgot-password" className="font-medium underline">
          choose a new password
        </Link>{" "}
        to unlock it now.
      </Trans>
    );
  }
  if (/verify/i.test(message)) {
    return (
      <Trans>
        Your address is not confirmed yet. Open the link in the email we sent you, then sign in.
      </Trans>
    );
  }
  if (/incorrect/i.test(message)) {
    return (
      <Trans>That email address and password do not go together. Check both and try again.</Trans>
    );
  }
  return message;
}
