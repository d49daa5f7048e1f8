/** The bar over a record: the way back, on to its neighbors, and what can be done with it. */
import { useLingui } from "@lingui/react/macro";
import {
  ArrowLeft,
  ChevronDown,
  ChevronUp,
  Copy,
  Ellipsis,
  Link2,
  Maximize2,
  Pencil,
  Trash2,
  X,
} from "lucide-react";
import { Link, useNavigate } from "react-router";
import type { Definition } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import type { Actions } from "@/engine/record/use-actions";
import type { Way } from "@/engine/record/use-trail";
import { useRecordPath } from "@/engine/record-link";
import { useSession } from "@/engine/session";
import { label } from "@/lib/i18n";
import { type Command, useCommands } from "@/lib/keyboard";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

type Props = {
  definition: Definition;
  id: string;
  variant: "page" | "panel";
  way: Way;
  /** Absent until there is something to act on. */
  actions?: Actions | undefined;
  edit?: (() => void) | undefined;
  onClose?: (() => void) | undefined;
};

export function RecordTop({ definition, id, variant, way, actions, edit, onClose }: Props) {
  const { t } = useLingui();
  const { path } = useSession();
  const recordPath = useRecordPath();
  const navigate = useNavigate();
  const plural = label(definition.labels.plural);
  const Icon = viewOf(definition.slug)?.icon;
  const panel = variant === "panel";
  return (
    <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-3">
      {panel ? (
        <>
          <IconButton label={t`Close`} shortcut="escape" onClick={onClose}>
            <X size={16} />
          </IconButton>
          <IconButton
            label={t`Open as a page`}
            onClick={() => void navigate(recordPath(definition.slug, id))}
          >
            <Maximize2 size={14} />
          </IconButton>
        </>
      ) : (
        <Link
          to={way.back ?? path(definition.slug)}
          aria-label={t`Back to ${plural}`}
          className="flex h-7 min-w-0 items-center gap-2 rounded-control px-2 font-medium text-muted hover:bg-hover hover:text-fg coarse:h-11"
        >
          <ArrowLeft size={15} aria-hidden />
          {Icon && <Icon size={14} aria-hidden className="phone:hidden" />}
          <span className="truncate">{plural}</span>
        </Link>
      )}
      {(way.previous || way.next) && (
        <div className="flex items-center">
          <IconButton
            label={t`Previous`}
            shortcut="["
            disabled={!way.previous}
            onClick={() => way.previous?.()}
          >
            <ChevronUp size={16} />
          </IconButton>
          <IconButton
            label={t`Next`}
            shortcut="]"
            disabled={!way.next}
            onClick={() => way.next?.()}
          >
            <ChevronDown size={16} />
          </IconButton>
        </div>
      )}
      <div className="ml-auto flex items-center gap-1">
        {actions && (
          <>
            <IconButton label={t`Copy link`} onClick={actions.copyLink}>
              <Link2 size={15} />
            </IconButton>
            <Menu
              align="end"
              trigger={
                <IconButton label={t`More actions`} bare>
                  <Ellipsis size={16} />
                </IconButton>
              }
            >
              {edit && (
                <MenuItem icon={<Pencil size={14} />} shortcut="e" onSelect={edit}>
                  {t`Edit`}
                </MenuItem>
              )}
              <MenuItem icon={<Link2 size={14} />} onSelect={actions.copyLink}>
                {t`Copy link`}
              </MenuItem>
              {actions.duplicate && (
                <MenuItem icon={<Copy size={14} />} onSelect={actions.duplicate}>
                  {t`Duplicate…`}
                </MenuItem>
              )}
              {actions.remove && (
                <>
                  <MenuSeparator />
                  <MenuItem danger icon={<Trash2 size={14} />} onSelect={actions.remove}>
                    {definition.trash ? t`Move to the trash` : t`Delete…`}
                  </MenuItem>
                </>
              )}
            </Menu>
          </>
        )}
      </div>
    </div>
  );
}

/** The same by keys. Only the record that has the keyboard registers them. */
export function RecordCommands({
  definition,
  id,
  variant,
  way,
  actions,
  edit,
}: Omit<Props, "onClose">) {
  const { t } = useLingui();
  const { path } = useSession();
  const recordPath = useRecordPath();
  const navigate = useNavigate();
  const group = t`Record`;
  const commands: (Command | null | undefined | false)[] = [
    way.previous && {
      id: "record.previous",
      title: t`Previous record`,
      group,
      keys: "[",
      run: way.previous,
    },
    way.next && { id: "record.next", title: t`Next record`, group, keys: "]", run: way.next },
    edit && { id: "record.edit", title: t`Edit fields`, group, keys: "e", icon: Pencil, run: edit },
    actions && {
      id: "record.copyLink",
      title: t`Copy link to this record`,
      group,
      keys: "mod+shift+c",
      icon: Link2,
      run: actions.copyLink,
    },
    actions?.duplicate && {
      id: "record.duplicate",
      title: t`Duplicate this record`,
      group,
      icon: Copy,
      run: actions.duplicate,
    },
    actions?.remove && {
      id: "record.remove",
      title: t`Delete this record`,
      group,
      keys: "shift+delete",
      icon: Trash2,
      run: actions.remove,
    },
    variant === "panel"
      ? {
          id: "record.expand",
          title: t`Open as a page`,
          group,
          keys: "shift+o",
          icon: Maximize2,
          run: () => void navigate(recordPath(definition.slug, id)),
        }
      : {
          id: "record.back",
          title: t`Back to the list`,
          group,
          keys: "u",
          icon: ArrowLeft,
          run: () => void navigate(way.back ?? path(definition.slug)),
        },
  ];
  useCommands(
    commands.flatMap((command) => (command ? [{ ...command, over: variant === "panel" }] : [])),
  );
  return null;
}
