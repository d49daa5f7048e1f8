/** The 48 px at the head of a page: what it is, how many, what can be done. */
import type { ReactNode } from "react";

export function PageHeader({
  title,
  count,
  leading,
  children,
  below,
}: {
  title: ReactNode;
  /** Beside the title, quietly: "10,000". */
  count?: ReactNode;
  /** Before the title: the way back. */
  leading?: ReactNode;
  /** Actions, at the end. */
  children?: ReactNode;
  /** A second row: tools of a list. */
  below?: ReactNode;
}) {
  return (
    <header className="shrink-0 border-b border-line">
      <div className="flex h-12 items-center gap-2.5 px-4 phone:px-3">
        {leading}
        <h1 className="min-w-0 truncate text-14 font-semibold">{title}</h1>
        {count !== undefined && <span className="text-13 text-muted">{count}</span>}
        <div className="ml-auto flex shrink-0 items-center gap-2">{children}</div>
      </div>
      {below}
    </header>
  );
}
