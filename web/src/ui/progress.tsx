/** Waiting: seen only when it lasts. */
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { cx } from "@/lib/cx";

/** True once something has lasted longer than people notice. */
export function useLasting(busy: boolean, after = 150): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!busy) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), after);
    return () => clearTimeout(timer);
  }, [busy, after]);
  return busy && lasting;
}

export function Spinner({ size = 16, className }: { size?: number; className?: string }) {
  const { t } = useLingui();
  const shown = useLasting(true);
  if (!shown) return <span style={{ width: size, height: size }} className="inline-block" />;
  return (
    <svg
      role="img"
      aria-label={t`Loading`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={cx("animate-spin", className ?? "text-muted")}
    >
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        stroke="currentColor"
        strokeOpacity="0.25"
        strokeWidth="2"
      />
      <path
        d="M14 8a6 6 0 0 0-6-6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** `value` from 0 to 1. */
export function ProgressBar({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 w-full overflow-hidden rounded-full bg-active"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-150"
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
