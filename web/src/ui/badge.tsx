/** States: a dot, a soft tint and always the word. */
import type { CSSProperties, ReactNode } from "react";
import { cx } from "@/lib/cx";

function hued(hue: number | undefined): CSSProperties {
  return (hue === undefined ? {} : { "--hue": hue }) as CSSProperties;
}

export function Badge({
  hue,
  dot = false,
  className,
  children,
}: {
  hue?: number | undefined;
  dot?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      style={hued(hue)}
      className={cx(
        "inline-flex h-5 min-w-0 max-w-full shrink-0 items-center gap-1.5 rounded-tag px-1.5 text-12 font-medium",
        hue === undefined ? "bg-hover text-muted" : "tint",
        className,
      )}
    >
      {dot && (
        <span
          aria-hidden
          className={cx("size-1.5 shrink-0 rounded-full", hue === undefined ? "bg-faint" : "dot")}
        />
      )}
      <span className="truncate">{children}</span>
    </span>
  );
}

export function StatusTag({
  label,
  hue,
  className,
}: {
  label: string;
  hue?: number;
  className?: string;
}) {
  return (
    <Badge hue={hue} dot {...(className ? { className } : {})}>
      {label}
    </Badge>
  );
}

export function Count({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-full bg-hover px-1.5 text-11 font-medium text-muted",
        className,
      )}
    >
      {children}
    </span>
  );
}
