/** What a column is called: cards without a value have no name of their own. */
import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import type { BoardColumn } from "@/engine/board/columns";

export function useColumnName(): (column: BoardColumn) => string {
  const { t } = useLingui();
  return useCallback((column) => column.label || t`Without`, [t]);
}
