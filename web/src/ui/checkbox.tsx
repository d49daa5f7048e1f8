/** A box to tick. */
import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
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
  const box = (
    <Base.Root
      {...rest}
      checked={checked}
      indeterminate={indeterminate}
      onCheckedChange={(next) => onCheckedChange(next)}
      className={cx(
        "relative inline-flex size-4 shrink-0 items-center justify-center rounded-[4px] bg-raise text-accent-fg shadow-[0_0_0_1px_var(--edge),0_1px_1px_oklch(0_0_0/0.03)] transition-colors",
        "data-[checked]:bg-accent data-[checked]:shadow-none data-[indeterminate]:bg-accent data-[indeterminate]:shadow-none data-[disabled]:opacity-50",
        "coarse:after:absolute coarse:after:-inset-3.5 coarse:after:content-['']",
        className,
      )}
    >
      <Base.Indicator className="flex" keepMounted={false}>
        {indeterminate ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
      </Base.Indicator>
    </Base.Root>
  );
  if (!label) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box above is the control
    <label className="flex items-center gap-2 coarse:min-h-11">
      {box}
      <span>{label}</span>
    </label>
  );
}
