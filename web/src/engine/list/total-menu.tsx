/** Chooses what the foot of a column says. */
import { useLingui } from "@lingui/react/macro";
import { type ReactElement, useState } from "react";
import type { Total } from "@/engine/view-state";
import { Menu, MenuCheckItem } from "@/ui/menu";

export function TotalMenu({
  trigger,
  chosen,
  totals,
  onChoose,
  onClosed,
}: {
  trigger: ReactElement;
  chosen: Total;
  totals: readonly Total[];
  onChoose: (total: Total) => void;
  onClosed: () => void;
}) {
  const { t } = useLingui();
  const [open, setOpen] = useState(true);
  const names: Record<Total, string> = {
    none: t`Nothing`,
    count: t`Count`,
    sum: t`Sum`,
    avg: t`Average`,
    min: t`Least`,
    max: t`Most`,
  };
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) onClosed();
  };
  return (
    <Menu trigger={trigger} open={open} onOpenChange={change} side="top" align="end">
      {totals.map((total) => (
        <MenuCheckItem
          key={total}
          checked={total === chosen}
          closeOnClick
          onCheckedChange={() => onChoose(total)}
        >
          {names[total]}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}
