/** Menus: what can be done with a thing. */
import type { ReactElement, ReactNode } from "react";
import { deferred, useOpener } from "@/ui/deferred";

export type MenuProps = {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
};

export type MenuItemProps = {
  icon?: ReactNode;
  shortcut?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  onSelect?: () => void;
  /** A place to go to instead. */
  href?: string;
  /** `href` is no page of the app. */
  external?: boolean;
  children: ReactNode;
};

export type MenuCheckItemProps = {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  icon?: ReactNode;
  children: ReactNode;
  closeOnClick?: boolean;
};

const base = deferred(() => import("@/ui/base/menu"));

export function Menu(props: MenuProps) {
  const { module, trigger } = useOpener(base, props, "menu");
  return module ? <module.Menu {...props} defaultOpen /> : trigger;
}

// What is in a menu is drawn when the menu is open, and so loaded.

export function MenuItem(props: MenuItemProps) {
  const module = base.loaded();
  return module && <module.MenuItem {...props} />;
}

export function MenuCheckItem(props: MenuCheckItemProps) {
  const module = base.loaded();
  return module && <module.MenuCheckItem {...props} />;
}

export function MenuSeparator() {
  const module = base.loaded();
  return module && <module.MenuSeparator />;
}

export function MenuGroup(props: { label: ReactNode; children: ReactNode }) {
  const module = base.loaded();
  return module && <module.MenuGroup {...props} />;
}
