/** A sheet at the side, over the page it belongs to; the whole screen on a phone. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { type ReactNode, useRef } from "react";
import { cx } from "@/lib/cx";
import { BACKDROP } from "@/ui/popup";

export function SidePanel({
  open,
  onOpenChange,
  label,
  modal = false,
  width = 560,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Read out when it opens. */
  label: string;
  /** Whether the page behind waits. */
  modal?: boolean;
  width?: number;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      modal={modal}
      disablePointerDismissal={!modal}
      onOpenChange={(next) => onOpenChange(next)}
    >
      <Base.Portal>
        {modal && <Base.Backdrop className={BACKDROP} />}
        <Base.Popup
          ref={popup}
          // The sheet itself, not its first button: keys are commands until something is gone to.
          initialFocus={popup}
          data-modal={modal || undefined}
          aria-label={label}
          style={{ "--panel": `${width}px` } as React.CSSProperties}
          className={cx(
            // Over its own backdrop when there is one, under dialogs that are asked from it otherwise.
            modal ? "z-40" : "z-30",
            "fixed flex flex-col bg-bg text-fg shadow-panel outline-none transition-[opacity,transform] duration-150",
            "desk:inset-y-2 desk:right-2 desk:w-[min(var(--panel),calc(100vw-16px))] desk:rounded-panel desk:data-[ending-style]:translate-x-3 desk:data-[ending-style]:opacity-0 desk:data-[starting-style]:translate-x-3 desk:data-[starting-style]:opacity-0",
            "phone:inset-x-0 phone:bottom-0 phone:top-6 phone:rounded-t-[16px] phone:data-[ending-style]:translate-y-full phone:data-[starting-style]:translate-y-full",
          )}
        >
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
