/** A box to tick. */
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "@/lib/cx";

export type CheckboxProps = {
  checked: boolean;
  indeterminate?: boolean;
  onCheckedChange: (checked: boolean) => void;
  label?: ReactNode;
  "aria-label"?: string;
  id?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  tabIndex?: number;
  className?: string;
};

export function Checkbox({
  label,
  checked,
  indeterminate = false,
  onCheckedChange,
  className,
  ...rest
}: CheckboxProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const box = (
    <input
      {...rest}
      ref={ref}
      type="checkbox"
      checked={checked}
      onChange={(event) => onCheckedChange(event.target.checked)}
      className={cx("tick", className)}
    />
  );
  if (!label) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box is inside
    <label className="flex items-center gap-2 coarse:min-h-11">
      {box}
      <span>{label}</span>
    </label>
  );
}
