/** A number that matters, and how it moved. */
import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Figure({
  label,
  value,
  delta,
  hint,
}: {
  label: ReactNode;
  value: ReactNode;
  /** Already formatted: "+8.4%". */
  delta?: { text: string; good: boolean } | undefined;
  hint?: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <div className="truncate text-13 text-muted">{label}</div>
      <div className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
        <span className="text-24 font-semibold tabular-nums tracking-[-0.025em]">{value}</span>
        {delta && (
          <span
            className={cx(
              "inline-flex items-center gap-0.5 text-12 font-medium",
              delta.good ? "text-good" : "text-danger",
            )}
          >
            {delta.text.startsWith("-") || delta.text.startsWith("−") ? (
              <ArrowDownRight size={13} aria-hidden />
            ) : (
              <ArrowUpRight size={13} aria-hidden />
            )}
            {delta.text}
          </span>
        )}
      </div>
      {hint && <div className="mt-0.5 text-12 text-muted">{hint}</div>}
    </div>
  );
}
