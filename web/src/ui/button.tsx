/** Buttons: one saturated for what a page is for, quiet ones for the rest. */
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";
import { cx } from "@/lib/cx";
import { Spinner, useLasting } from "@/ui/progress";
import { Tooltip } from "@/ui/tooltip";

export type Variant = "primary" | "secondary" | "ghost" | "danger";
export type Size = "sm" | "md" | "lg";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-accent-fg hover:bg-accent-hover",
  secondary: "bg-raise text-fg shadow-control hover:bg-hover dark:hover:bg-active",
  ghost: "text-muted hover:bg-hover hover:text-fg dark:hover:bg-active",
  danger: "bg-danger text-danger-fg hover:opacity-90",
};

const SIZES: Record<Size, string> = {
  sm: "h-6 gap-1 px-2 text-12",
  md: "h-7 gap-1.5 px-2.5 text-13",
  lg: "h-9 gap-2 px-3.5 text-13",
};

const BASE =
  "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-control font-medium transition-colors duration-100 disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 coarse:min-h-11";

function classes(variant: Variant, size: Size, className?: string): string {
  return cx(BASE, VARIANTS[variant], SIZES[size], className);
}

export type ButtonProps = ComponentProps<"button"> & {
  variant?: Variant;
  size?: Size;
  icon?: ReactNode;
  /** Work is under way: the button waits, and says so when it lasts. */
  pending?: boolean;
};

export function Button({
  variant = "secondary",
  size = "md",
  icon,
  pending = false,
  className,
  children,
  disabled,
  type = "button",
  ...rest
}: ButtonProps) {
  const lasting = useLasting(pending);
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={classes(variant, size, className)}
    >
      {lasting ? <Spinner size={14} className="text-current" /> : icon}
      {children}
    </button>
  );
}

export type IconButtonProps = Omit<ComponentProps<"button">, "aria-label"> & {
  label: string;
  size?: Size;
  variant?: Variant;
  shortcut?: string | undefined;
  /** Without the hint, where the label is said elsewhere. */
  bare?: boolean;
};

const SQUARES: Record<Size, string> = { sm: "size-6", md: "size-7", lg: "size-9" };

export function IconButton({
  label,
  size = "md",
  variant = "ghost",
  shortcut,
  bare = false,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  const button = (
    <button
      {...rest}
      type={type}
      aria-label={label}
      className={cx(BASE, VARIANTS[variant], SQUARES[size], "coarse:min-w-11", className)}
    />
  );
  if (bare) return button;
  return (
    <Tooltip content={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}

export function LinkButton({
  variant = "secondary",
  size = "md",
  icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & { variant?: Variant; size?: Size; icon?: ReactNode }) {
  return (
    <Link {...rest} className={classes(variant, size, className)}>
      {icon}
      {children}
    </Link>
  );
}
