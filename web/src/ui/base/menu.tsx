/** Menus on Base UI; loaded when the first one is opened. */
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { cx } from "@/lib/cx";
import { Kbd } from "@/ui/kbd";
import type { MenuCheckItemProps, MenuItemProps, MenuProps } from "@/ui/menu";
import { PLACE, POPUP, SHADE, SHEET } from "@/ui/popup";

const LIST = cx(POPUP, SHEET, "min-w-[180px] max-h-[var(--available-height)] overflow-y-auto p-1");
const ITEM =
  "flex h-8 cursor-default select-none items-center gap-2.5 rounded-[6px] px-2 outline-none data-[highlighted]:bg-hover dark:data-[highlighted]:bg-active data-[disabled]:opacity-45 coarse:min-h-11";

export function Menu({
  trigger,
  children,
  align = "start",
  side = "bottom",
  open,
  defaultOpen = false,
  onOpenChange,
}: MenuProps & { defaultOpen?: boolean }) {
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
          sideOffset={4}
          collisionPadding={8}
          className={PLACE}
        >
          <Base.Popup className={LIST}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  icon,
  shortcut,
  danger,
  disabled,
  onSelect,
  href,
  external,
  children,
}: MenuItemProps) {
  const inner = (
    <>
      {icon && (
        <span className={cx("shrink-0", danger ? "text-danger" : "text-muted")}>{icon}</span>
      )}
      <span className="min-w-0 grow truncate">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </>
  );
  const className = cx(ITEM, danger && "text-danger");
  if (href) {
    const link = external ? (
      // biome-ignore lint/a11y/useAnchorContent: the item gives it its content
      <a href={href} target="_blank" rel="noopener" />
    ) : (
      <Link to={href} />
    );
    return (
      <Base.Item className={className} render={link}>
        {inner}
      </Base.Item>
    );
  }
  return (
    <Base.Item className={className} disabled={disabled ?? false} onClick={() => onSelect?.()}>
      {inner}
    </Base.Item>
  );
}

export function MenuCheckItem({
  checked,
  onCheckedChange,
  icon,
  children,
  closeOnClick = false,
}: MenuCheckItemProps) {
  return (
    <Base.CheckboxItem
      checked={checked}
      closeOnClick={closeOnClick}
      onCheckedChange={(next) => onCheckedChange(next)}
      className={ITEM}
    >
      {icon && <span className="shrink-0 text-muted">{icon}</span>}
      <span className="min-w-0 grow truncate">{children}</span>
      <Base.CheckboxItemIndicator>
        <Check size={14} />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

export function MenuGroup({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pb-1 pt-1.5 text-12 text-faint">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}
