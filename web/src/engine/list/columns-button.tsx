/** Opens the choice of columns from whatever button it is given. */
import { useLingui } from "@lingui/react/macro";
import { lazy, type ReactElement, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { PopSheet } from "@/engine/list/pop-sheet";
import type { ChangeView, ViewState } from "@/engine/view-state";

const ColumnsPanel = lazy(async () => ({
  default: (await import("@/engine/list/columns-panel")).ColumnsPanel,
}));

export function ColumnsButton({
  definition,
  state,
  change,
  align = "start",
  children,
}: {
  definition: Definition;
  state: ViewState;
  change: ChangeView;
  align?: "start" | "end";
  children: ReactElement<{ onClick?: () => void }>;
}) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  return (
    <PopSheet
      trigger={children}
      title={t`Columns`}
      open={open}
      onOpenChange={setOpen}
      align={align}
    >
      <ColumnsPanel definition={definition} state={state} change={change} />
    </PopSheet>
  );
}
