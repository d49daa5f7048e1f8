/** A card of the home page: its heading, and its content in whatever state it is. */

import { useLingui } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { ErrorBoundary } from "@/app/resilience/error-boundary";
import { cx } from "@/lib/cx";
import { ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

export function Part({
  title,
  note,
  action,
  className,
  children,
}: {
  title: string;
  /** Beside the title, quietly. */
  note?: ReactNode;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cx("flex min-w-0 flex-col rounded-panel bg-raise shadow-card", className)}
    >
      <header className="flex min-h-12 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pt-1.5">
        <h2 id={id} className="text-14 font-semibold">
          {title}
        </h2>
        {note !== undefined && <span className="text-muted">{note}</span>}
        <span className="ml-auto flex items-center gap-2">{action}</span>
      </header>
      <ErrorBoundary compact>{children}</ErrorBoundary>
    </section>
  );
}

type Readable = Pick<UseQueryResult<unknown>, "data" | "error" | "refetch">;

/** Pending, failed or there; the content is drawn when every query has its data. */
export function Ready({
  queries,
  lines = 4,
  small = false,
  children,
}: {
  queries: readonly Readable[];
  lines?: number;
  /** A failure takes one line. */
  small?: boolean;
  children: () => ReactNode;
}) {
  const failed = queries.find((query) => query.error && query.data === undefined);
  if (failed) {
    const retry = () => {
      for (const query of queries) if (query.error) void query.refetch();
    };
    return small ? (
      <Failed onRetry={retry} />
    ) : (
      <ErrorState compact error={failed.error} onRetry={retry} />
    );
  }
  if (queries.some((query) => query.data === undefined)) return <Lines count={lines} />;
  return children();
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const { t } = useLingui();
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 py-1.5 text-muted">
      {t`Not loaded.`}
      <button
        type="button"
        onClick={onRetry}
        className="font-medium text-accent-text underline underline-offset-2 coarse:min-h-11"
      >
        {t`Try again`}
      </button>
    </p>
  );
}

function Lines({ count }: { count: number }) {
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      {Array.from({ length: count }, (_, at) => (
        <Skeleton key={at} className={cx("h-4", at % 3 === 2 ? "w-2/5" : "w-3/5")} />
      ))}
    </div>
  );
}
