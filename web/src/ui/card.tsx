/** A sheet on the page. */
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Card({
  title,
  actions,
  className,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={cx("min-w-0 rounded-panel bg-raise p-4 shadow-card", className)}>
      {(title || actions) && (
        <div className="mb-3 flex min-h-6 items-center gap-2">
          {title && <h2 className="min-w-0 truncate text-13 font-semibold">{title}</h2>}
          {actions && <div className="ml-auto flex items-center gap-1.5">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
