/** What can be done with a column. */
import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, EyeOff, Filter, Layers } from "lucide-react";
import { type ReactElement, useState } from "react";
import { type Col, isSortable } from "@/engine/list/columns";
import type { HeaderApi } from "@/engine/list/grid-header";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

export function ColumnMenu({
  col,
  api,
  trigger,
  onClosed,
}: {
  col: Col;
  api: HeaderApi;
  trigger: ReactElement;
  onClosed: () => void;
}) {
  const { t } = useLingui();
  const [open, setOpen] = useState(true);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) onClosed();
  };
  return (
    <Menu trigger={trigger} open={open} onOpenChange={change} align="end">
      {isSortable(col.field) && (
        <>
          <MenuItem icon={<ArrowUp size={15} />} onSelect={() => api.sort(col.path, false, false)}>
            {t`Sort ascending`}
          </MenuItem>
          <MenuItem icon={<ArrowDown size={15} />} onSelect={() => api.sort(col.path, false, true)}>
            {t`Sort descending`}
          </MenuItem>
          <MenuSeparator />
        </>
      )}
      {col.field.operators.length > 0 && (
        <MenuItem icon={<Filter size={15} />} onSelect={() => api.filter(col.path)}>
          {t`Filter by this`}
        </MenuItem>
      )}
      {!col.isTitle && (
        <>
          <MenuItem icon={<Layers size={15} />} onSelect={() => api.group(col.path)}>
            {t`Group by this`}
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={<EyeOff size={15} />} onSelect={() => api.hide(col.path)}>
            {t`Hide column`}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
