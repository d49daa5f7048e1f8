/** What settings pages are made of: a title with a sentence, cards with rows, a bar to save with. */
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

export function Section({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto grid w-full max-w-[760px] grid-cols-[minmax(0,1fr)] gap-6 pb-16">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 grow basis-64">
          <h2 className="text-19 font-semibold tracking-[-0.015em] phone:sr-only">{title}</h2>
          {lead && <p className="mt-1 text-muted text-pretty phone:mt-0">{lead}</p>}
        </div>
        {actions && <div className="flex shrink-0 gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A sheet of rows with a hairline between them. */
export function Rows({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section>
      {title && <h3 className="mb-2 text-13 font-semibold">{title}</h3>}
      <div className="divide-y divide-line rounded-panel bg-raise shadow-card">{children}</div>
    </section>
  );
}

export function Row({
  leading,
  label,
  hint,
  children,
  stacked = false,
}: {
  /** A picture before the label. */
  leading?: ReactNode;
  label: ReactNode;
  hint?: ReactNode;
  children?: ReactNode;
  /** The control under the label, over the whole width. */
  stacked?: boolean;
}) {
  return (
    <div
      className={cx(
        "flex gap-x-6 gap-y-2.5 px-4 py-3",
        stacked ? "flex-col" : "items-center justify-between phone:flex-wrap",
      )}
    >
      <div className="flex min-w-0 items-center gap-3">
        {leading}
        <div className="min-w-0">
          <div className="font-medium">{label}</div>
          {hint && <div className="mt-0.5 text-12 text-muted [overflow-wrap:anywhere]">{hint}</div>}
        </div>
      </div>
      {children && <div className={cx(stacked ? "w-full" : "shrink-0")}>{children}</div>}
    </div>
  );
}

/** Fields of a form on a sheet, with what saves it at the foot. */
export function FormSheet({
  title,
  onSubmit,
  footer,
  children,
}: {
  title?: string;
  onSubmit: (event: { preventDefault: () => void }) => void;
  footer: ReactNode;
  children: ReactNode;
}) {
  return (
    <form noValidate onSubmit={onSubmit}>
      {title && <h3 className="mb-2 text-13 font-semibold">{title}</h3>}
      <div className="rounded-panel bg-raise shadow-card">
        <div className="grid gap-4 p-4">{children}</div>
        <div className="flex items-center justify-end gap-2 border-t border-line px-4 py-3">
          {footer}
        </div>
      </div>
    </form>
  );
}

export function SaveButtons({
  dirty,
  busy,
  onReset,
}: {
  dirty: boolean;
  busy: boolean;
  onReset: () => void;
}) {
  const { t } = useLingui();
  return (
    <>
      {dirty && !busy && <Button onClick={onReset}>{t`Discard`}</Button>}
      <Button type="submit" variant="primary" disabled={!dirty} pending={busy}>
        {t`Save`}
      </Button>
    </>
  );
}

export function RowsSkeleton({ count = 4 }: { count?: number }) {
  return (
    <div className="divide-y divide-line rounded-panel bg-raise shadow-card" aria-busy="true">
      {Array.from({ length: count }, (_, at) => (
        <div key={at} className="flex h-14 items-center gap-3 px-4">
          <Skeleton className="size-6 rounded-full" />
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="ml-auto h-3.5 w-20" />
        </div>
      ))}
    </div>
  );
}
