/** A question or a form that must be dealt with first; a sheet from the bottom on a phone. */
import { type ReactNode, useRef } from "react";
import { deferred, useDeferred } from "@/ui/deferred";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  size?: "sm" | "md" | "lg";
  children?: ReactNode;
};

const base = deferred(() => import("@/ui/base/dialog"));

export function Dialog(props: DialogProps) {
  // Once it was open it stays, so that it can leave as it came.
  const was = useRef(false);
  was.current ||= props.open;
  const module = useDeferred(base, was.current);
  return module && <module.Dialog {...props} />;
}
