/** What can be done with a view. */
import { useLingui } from "@lingui/react/macro";
import {
  Bookmark,
  Link2,
  Lock,
  PencilLine,
  Pin,
  PinOff,
  RotateCcw,
  Save,
  Trash2,
  Users,
} from "lucide-react";
import { type ReactElement, useState } from "react";
import type { TabMenuProps } from "@/engine/list/view-tabs";
import { type SavedView, useDefaultView } from "@/engine/saved-views";
import { asProblem } from "@/lib/problem";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toast";

type Props = TabMenuProps & { trigger: ReactElement; onClosed: () => void };

export function ViewMenu(props: Props) {
  const { definition, state, change, changed, view, writes, trigger, onName, onReset, onClosed } =
    props;
  const { t } = useLingui();
  const [open, setOpen] = useState(true);
  const [preferred, setPreferred] = useDefaultView(definition.slug);
  const mine = view && writes.mayChange(view);
  const isDefault = view ? preferred === view.id : preferred === null;
  const save = async (kept: SavedView) => {
    // What was not saved stays as it is on screen.
    if (await writes.save(kept, state)) change({ view: kept.id });
  };
  const remove = async () => {
    if (!view) return;
    const question = {
      title: t`Delete the view “${view.name}”?`,
      body: t`The records in it stay where they are.`,
      action: t`Delete`,
      danger: true,
    };
    if ((await confirm(question)) && (await writes.remove(view))) {
      if (preferred === view.id) setPreferred(null);
      change({ view: null });
    }
  };
  return (
    <Menu
      trigger={trigger}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) onClosed();
      }}
    >
      {changed && mine && view && (
        <MenuItem icon={<Save size={15} />} onSelect={() => void save(view)}>
          {t`Save changes`}
        </MenuItem>
      )}
      {writes.mayCreate && (
        <MenuItem icon={<Bookmark size={15} />} onSelect={() => onName("new")}>
          {t`Save as a new view`}
        </MenuItem>
      )}
      {changed && (
        <MenuItem icon={<RotateCcw size={15} />} onSelect={onReset}>
          {t`Reset changes`}
        </MenuItem>
      )}
      <MenuItem icon={<Link2 size={15} />} onSelect={() => void copyLink()}>
        {t`Copy link`}
      </MenuItem>
      {!isDefault && (
        <MenuItem icon={<Pin size={15} />} onSelect={() => setPreferred(view?.id ?? null)}>
          {t`Start with this view`}
        </MenuItem>
      )}
      {isDefault && view && (
        <MenuItem icon={<PinOff size={15} />} onSelect={() => setPreferred(null)}>
          {t`Do not start with this view`}
        </MenuItem>
      )}
      {mine && view && (
        <>
          <MenuSeparator />
          <MenuItem icon={<PencilLine size={15} />} onSelect={() => onName(view)}>
            {t`Rename`}
          </MenuItem>
          {writes.mayShare && (
            <MenuItem
              icon={view.shared ? <Lock size={15} /> : <Users size={15} />}
              onSelect={() => void writes.change(view, { shared: !view.shared })}
            >
              {view.shared ? t`Make private` : t`Share with everyone here`}
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 size={15} />} danger onSelect={() => void remove()}>
            {t`Delete view`}
          </MenuItem>
        </>
      )}
    </Menu>
  );

  async function copyLink(): Promise<void> {
    const url = new URL(location.href);
    url.searchParams.delete("open");
    // Whoever opens it may start with another view.
    if (!url.searchParams.has("view")) url.searchParams.set("view", view?.id ?? "all");
    try {
      await navigator.clipboard.writeText(url.href);
      toast({
        title: t`Link copied`,
        ...(view && !view.shared
          ? { body: t`The view is private: others see its collection, not its settings.` }
          : {}),
      });
    } catch (thrown) {
      toast.error(t`The browser did not allow copying`, asProblem(thrown));
    }
  }
}
