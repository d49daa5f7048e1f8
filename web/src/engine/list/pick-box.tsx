/** The box that chooses a row: a native one, because a list draws dozens of them while it scrolls. */
import { useEffect, useRef } from "react";
import { cx } from "@/lib/cx";

export function PickBox({
  checked,
  mixed = false,
  label,
  onToggle,
}: {
  checked: boolean;
  mixed?: boolean;
  label: string;
  /** Absent in rows, whose clicks are heard by the grid. */
  onToggle?: () => void;
}) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed && !checked;
  }, [mixed, checked]);
  return (
    <input
      ref={box}
      type="checkbox"
      tabIndex={-1}
      aria-label={label}
      checked={checked}
      onChange={() => onToggle?.()}
      data-pick=""
      className={cx(
        "relative size-[15px] shrink-0 appearance-none rounded-[4px] bg-bg ring-1 ring-edge ring-inset hover:ring-faint",
        "checked:bg-accent checked:ring-accent indeterminate:bg-accent indeterminate:ring-accent",
        "before:absolute before:inset-[3px] before:hidden before:bg-accent-fg checked:before:block indeterminate:before:block",
        "before:[clip-path:polygon(14%_44%,0_60%,40%_100%,100%_16%,84%_4%,38%_68%)]",
        "indeterminate:before:[clip-path:inset(38%_0_38%_0)]",
        // The box is small, what can be clicked is the cell.
        "after:absolute after:-inset-3",
      )}
    />
  );
}
