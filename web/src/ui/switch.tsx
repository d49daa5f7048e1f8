/** On or off, at once. */
import { Switch as Base } from "@base-ui/react/switch";
import type { ReactNode } from "react";

export function Switch({
  checked,
  onCheckedChange,
  label,
  disabled,
  ...rest
}: {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label?: ReactNode;
  "aria-label"?: string;
  id?: string;
  disabled?: boolean;
}) {
  const control = (
    <Base.Root
      {...rest}
      checked={checked}
      disabled={disabled ?? false}
      onCheckedChange={(next) => onCheckedChange(next)}
      className="relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full bg-edge p-0.5 transition-colors duration-100 data-[checked]:bg-accent data-[disabled]:opacity-50 coarse:after:absolute coarse:after:-inset-x-1.5 coarse:after:-inset-y-3.5 coarse:after:content-['']"
    >
      <Base.Thumb className="size-3.5 rounded-full bg-white shadow transition-transform duration-100 data-[checked]:translate-x-3.5 dark:bg-bg" />
    </Base.Root>
  );
  if (!label) return control;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch above is the control
    <label className="flex items-center gap-2.5 coarse:min-h-11">
      {control}
      <span>{label}</span>
    </label>
  );
}
