/** One of a few, all in sight. */
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Segmented<T extends string>({
  value,
  onChange,
  options,
  label,
  "aria-label": named,
  size = "md",
}: {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; icon?: ReactNode }[];
  /** What is chosen here, for those who cannot see it. */
  label?: string;
  /** The same by its other name. */
  "aria-label"?: string;
  size?: "sm" | "md" | "lg";
}) {
  const height = { sm: "h-6", md: "h-7", lg: "h-9" }[size];
  return (
    <div
      role="radiogroup"
      aria-label={label ?? named}
      className={cx(
        "inline-flex w-fit max-w-full rounded-control bg-hover p-0.5 coarse:h-11",
        height,
      )}
    >
      {options.map((option) => (
        // A button that is a radio: it keeps the arrow keys below.
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            const at = options.findIndex((each) => each.value === value);
            const next = options[(at + step + options.length) % options.length];
            if (next) onChange(next.value);
            const buttons = event.currentTarget.parentElement?.children;
            (
              buttons?.[(at + step + options.length) % options.length] as HTMLElement | undefined
            )?.focus();
          }}
          className={cx(
            "inline-flex items-center gap-1.5 rounded-[5px] px-2.5 text-12 coarse:min-w-11 coarse:justify-center font-medium",
            option.value === value ? "bg-raise text-fg shadow-control" : "text-muted hover:text-fg",
          )}
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}
