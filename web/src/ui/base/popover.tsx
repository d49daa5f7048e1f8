/** Popovers on Base UI; loaded when the first one is opened. */
import { Popover as Base } from "@base-ui/react/popover";
import { cx } from "@/lib/cx";
import type { PopoverProps } from "@/ui/popover";
import { PLACE, POPUP, SHADE, SHEET } from "@/ui/popup";

export function Popover({
  trigger,
  children,
  open,
  defaultOpen = false,
  onOpenChange,
  align = "start",
  side = "bottom",
  label,
  className,
}: PopoverProps & { defaultOpen?: boolean }) {
  return (
    <Base.Root
      {...(open === undefined ? { defaultOpen } : { open })}
      {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Backdrop className={SHADE} />
        <Base.Positioner
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={PLACE}
        >
          <Base.Popup
            data-modal
            aria-label={label}
            className={cx(
              POPUP,
              SHEET,
              "max-h-[var(--available-height)] overflow-y-auto",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
