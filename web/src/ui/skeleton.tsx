/** The shape of what is coming. Appears only when it takes long enough to be noticed. */
import type { CSSProperties } from "react";
import { cx } from "@/lib/cx";
import { useLasting } from "@/ui/progress";

export function Skeleton({ className, style }: { className?: string; style?: CSSProperties }) {
  const shown = useLasting(true);
  return (
    <div
      aria-hidden
      style={style}
      className={cx("rounded-tag", shown ? "animate-pulse bg-active" : "bg-transparent", className)}
    />
  );
}
