/** What a control does, on hover and focus, with its keys. The hint itself is drawn by `TooltipHost`. */
import { cloneElement, type ReactElement } from "react";

export function Tooltip({
  content,
  shortcut,
  side = "bottom",
  children,
}: {
  content: string;
  shortcut?: string | undefined;
  side?: "top" | "bottom" | "left" | "right";
  /** The one element it belongs to. */
  children: ReactElement;
}) {
  return cloneElement(children as ReactElement<Record<string, unknown>>, {
    "data-tip": content,
    "data-tip-keys": shortcut,
    "data-tip-side": side,
  });
}
