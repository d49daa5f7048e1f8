/** What can be done with a card without dragging: the only way to move one on a phone. */
import { useLingui } from "@lingui/react/macro";
import { ExternalLink, MoreHorizontal, PanelRight } from "lucide-react";
import { memo } from "react";
import { useColumnName } from "@/engine/board/column-name";
import type { BoardColumn } from "@/engine/board/columns";
import type { Definition, Doc } from "@/engine/definitions";
import { useOpenRecord, useRecordPath } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";
import { IconButton } from "@/ui/button";
import { Menu, MenuGroup, MenuItem } from "@/ui/menu";

export const CardMenu = memo(function CardMenu({
  doc,
  definition,
  column,
  columns,
  movable,
  onMoveTo,
}: {
  doc: Doc;
  definition: Definition;
  column: BoardColumn;
  columns: readonly BoardColumn[];
  movable: boolean;
  onMoveTo: (id: string, column: BoardColumn) => void;
}) {
  const { t } = useLingui();
  const nameOf = useColumnName();
  const open = useOpenRecord();
  const to = useRecordPath()(definition.slug, doc.id);
  const title = titleOf(definition, doc);
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          bare
          size="sm"
          tabIndex={-1}
          label={t`Actions for ${title}`}
          className="relative z-[2] -mt-0.5 -mb-1 -mr-1 opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[popup-open]:opacity-100 coarse:-my-3 coarse:-mr-3 coarse:opacity-100"
        >
          <MoreHorizontal size={15} />
        </IconButton>
      }
    >
      <MenuItem
        icon={<PanelRight size={15} />}
        shortcut="enter"
        onSelect={() => open(definition.slug, doc.id)}
      >
        {t`Open`}
      </MenuItem>
      <MenuItem icon={<ExternalLink size={15} />} href={to}>
        {t`Open the page`}
      </MenuItem>
      {movable && (
        <MenuGroup label={t`Move to…`}>
          {columns
            .filter((each) => each.value !== column.value)
            .map((each) => (
              <MenuItem key={each.value} onSelect={() => onMoveTo(doc.id, each)}>
                {nameOf(each)}
              </MenuItem>
            ))}
        </MenuGroup>
      )}
    </Menu>
  );
});
