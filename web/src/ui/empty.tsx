/** Nothing here, or something wrong: each kind has a face that says what to do. */
import { useLingui } from "@lingui/react/macro";
import {
  CircleSlash,
  CloudOff,
  FileQuestion,
  GitMerge,
  Hourglass,
  Lock,
  type LucideIcon,
  ServerCrash,
  TriangleAlert,
} from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { cx } from "@/lib/cx";
import { asProblem, type ProblemKind, waitText } from "@/lib/problem";
import { Button } from "@/ui/button";
import { WaitText } from "@/ui/wait-text";

export function EmptyState({
  icon: Icon,
  title,
  body,
  action,
  compact = false,
}: {
  icon?: LucideIcon;
  title: ReactNode;
  body?: ReactNode;
  action?: ReactNode;
  compact?: boolean;
}) {
  return (
    <div
      className={cx(
        "flex flex-col items-center justify-center text-center",
        compact ? "px-4 py-8" : "h-full min-h-[280px] p-8",
      )}
    >
      {Icon && (
        <span className="mb-3 inline-flex size-10 items-center justify-center rounded-panel bg-hover text-muted">
          <Icon size={19} aria-hidden />
        </span>
      )}
      <h2 className="text-14 font-semibold">{title}</h2>
      {body && <div className="mt-1 max-w-[400px] text-13 text-muted">{body}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

const ICONS: Record<ProblemKind, LucideIcon> = {
  offline: CloudOff,
  slow: Hourglass,
  signedOut: Lock,
  forbidden: Lock,
  missing: FileQuestion,
  conflict: GitMerge,
  invalid: TriangleAlert,
  limited: Hourglass,
  server: ServerCrash,
};

/** `page` fills the screen and offers the way home. */
export function ErrorState({
  error,
  onRetry,
  page = false,
  compact = false,
}: {
  error: unknown;
  onRetry?: () => void;
  page?: boolean;
  compact?: boolean;
}) {
  const { t } = useLingui();
  const problem = asProblem(error);
  const faces: Record<ProblemKind, { title: string; body: string }> = {
    offline: {
      title: t`The server cannot be reached`,
      body: t`Nothing is lost. We go on trying; check your connection meanwhile.`,
    },
    slow: {
      title: t`This takes longer than it should`,
      body: waitText("slow", null),
    },
    signedOut: { title: t`You are signed out`, body: t`Sign in again to go on where you were.` },
    forbidden: {
      title: t`You may not see this`,
      body: t`Your role here does not include it. An admin of this account can change that.`,
    },
    missing: { title: t`Not found`, body: t`It was deleted, moved, or is not yours to see.` },
    conflict: { title: t`Somebody was faster`, body: problem.message },
    invalid: { title: t`That was not understood`, body: problem.message },
    limited: { title: t`Too many at once`, body: waitText("limited", null) },
    server: {
      title: t`Something went wrong on our side`,
      body: t`It was written down. Try again; if it stays, tell your operator the number below.`,
    },
  };
  const face = faces[problem.kind];
  const Icon = ICONS[problem.kind] ?? CircleSlash;
  const state = (
    <EmptyState
      icon={Icon}
      compact={compact}
      title={face.title}
      body={
        <>
          {problem.wait === null ? (
            <p role="alert">{face.body}</p>
          ) : (
            <p>
              <WaitText problem={problem} />
            </p>
          )}
          {problem.fields.length > 0 && (
            <ul className="mt-2 text-left">
              {problem.fields.map((field) => (
                <li key={field.path}>
                  <b className="font-medium text-fg">{field.label ?? field.path}</b>:{" "}
                  {field.message}
                </li>
              ))}
            </ul>
          )}
          {problem.requestId && problem.kind === "server" && (
            <p className="mt-2 font-mono text-12 text-faint">{problem.requestId}</p>
          )}
        </>
      }
      action={
        <>
          {onRetry && <Button onClick={onRetry}>{t`Try again`}</Button>}
          {page && (
            <Link
              to="/"
              className="inline-flex h-7 items-center rounded-control px-2.5 font-medium text-muted hover:bg-hover hover:text-fg coarse:min-h-11"
            >
              {t`Go to the start`}
            </Link>
          )}
        </>
      }
    />
  );
  return page ? <main className="h-full grow bg-bg">{state}</main> : state;
}
