/** Tools of a list: beside their button at a desk, a sheet from the foot of the screen on a phone. */
import { cloneElement, type ReactElement, type ReactNode, Suspense } from "react";
import { usePhone } from "@/engine/list/use-phone";
import { Dialog } from "@/ui/dialog";
import { Popover } from "@/ui/popover";

type Props = {
  trigger: ReactElement<{ onClick?: () => void }>;
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align?: "start" | "center" | "end";
  children: ReactNode;
};

export function PopSheet({ trigger, title, open, onOpenChange, align = "start", children }: Props) {
  const phone = usePhone();
  const inner = <Suspense fallback={<div className="h-24 w-64" />}>{children}</Suspense>;
  if (phone) {
    return (
      <>
        {cloneElement(trigger, { onClick: () => onOpenChange(true) })}
        <Dialog open={open} onOpenChange={onOpenChange} title={title}>
          {inner}
        </Dialog>
      </>
    );
  }
  return (
    <Popover
      trigger={trigger}
      open={open}
      onOpenChange={onOpenChange}
      align={align}
      label={title}
      className="p-2"
    >
      {inner}
    </Popover>
  );
}
