/** A small sheet beside what opened it; at the foot of the screen on a phone. */
import type { ReactElement, ReactNode } from "react";
import { deferred, useOpener } from "@/ui/deferred";

export type PopoverProps = {
  trigger: ReactElement;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  label?: string;
  className?: string;
};

const base = deferred(() => import("@/ui/base/popover"));

export function Popover(props: PopoverProps) {
  const { module, trigger } = useOpener(base, props, "dialog");
  return module ? <module.Popover {...props} defaultOpen /> : trigger;
}
