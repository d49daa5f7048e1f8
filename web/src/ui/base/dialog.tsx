/** Dialogs on Base UI; loaded when the first one opens. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useRef } from "react";
import { cx } from "@/lib/cx";
import { IconButton } from "@/ui/button";
import type { DialogProps } from "@/ui/dialog";
import { BACKDROP } from "@/ui/popup";

const WIDTHS = { sm: "desk:w-[420px]", md: "desk:w-[560px]", lg: "desk:w-[760px]" };

/** What is to be filled in, rather than the button that closes; false where something took the focus already. */
function firstField(popup: HTMLElement | null): HTMLElement | boolean {
  if (popup?.contains(document.activeElement)) return false;
  const field = popup?.querySelector<HTMLElement>(
    "input:not([type=hidden]):not(:disabled), textarea:not(:disabled), [role=combobox]:not(:disabled)",
  );
  return field ?? true;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = "md",
  children,
}: DialogProps) {
  const { t } = useLingui();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup
          ref={popup}
          initialFocus={(how) => (how === "touch" ? true : firstField(popup.current))}
          data-modal
          className={cx(
            "fixed z-40 flex flex-col bg-raise text-fg shadow-panel outline-none transition-[opacity,transform] duration-150",
            "desk:left-1/2 desk:top-[12vh] desk:max-h-[78vh] desk:-translate-x-1/2 desk:rounded-panel desk:data-[ending-style]:opacity-0 desk:data-[starting-style]:translate-y-1 desk:data-[starting-style]:opacity-0",
            "phone:inset-x-0 phone:bottom-0 phone:max-h-[92dvh] phone:rounded-t-[16px] phone:pb-[env(safe-area-inset-bottom)] phone:data-[ending-style]:translate-y-full phone:data-[starting-style]:translate-y-full",
            WIDTHS[size],
          )}
        >
          <div className="flex shrink-0 items-start gap-3 px-5 pb-3 pt-4">
            <div className="min-w-0 grow">
              <Base.Title className="text-14 font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-1 text-13 text-muted">
                  {description}
                </Base.Description>
              )}
            </div>
            <Base.Close
              render={
                <IconButton label={t`Close`} bare className="-mr-1.5 -mt-0.5">
                  <X size={16} />
                </IconButton>
              }
            />
          </div>
          <div className="-mt-1 min-h-0 grow overflow-y-auto px-5 pb-5 pt-1">{children}</div>
          {footer && (
            <div className="flex shrink-0 items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
