/** The views of a collection as tabs: everything, then what was saved. */
import { useLingui } from "@lingui/react/macro";
import { ChevronDown, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { type SavedView, useSavedViews, useViewWrites } from "@/engine/saved-views";
import { type ChangeView, useIsChanged, type ViewState } from "@/engine/view-state";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { Button } from "@/ui/button";

const ViewMenu = lazy(async () => ({
  default: (await import("@/engine/list/view-menu")).ViewMenu,
}));
const ViewDialog = lazy(async () => ({
  default: (await import("@/engine/list/view-dialog")).ViewDialog,
}));

type Props = { definition: Definition; state: ViewState; change: ChangeView };

export function ViewTabs({ definition, state, change }: Props) {
  const { t } = useLingui();
  const { views } = useSavedViews(definition.slug);
  const changed = useIsChanged(definition);
  const writes = useViewWrites(definition);
  const [naming, setNaming] = useState<"new" | SavedView | null>(null);
  const current = views.find((view) => view.id === state.view);
  const plural = label(definition.labels.plural).toLowerCase();
  const reset = () => change({ view: state.view });
  const saves = current && writes.mayChange(current);
  return (
    <nav
      aria-label={t`Views`}
      className={cx(
        "flex min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none]",
        // On a phone every row counts: nothing to choose from, nothing shown.
        views.length === 0 && !changed && "phone:hidden",
      )}
    >
      <Tab
        active={!current}
        name={t`All ${plural}`}
        onSelect={() => change({ view: null })}
        menu={
          <TabMenu
            {...{ definition, state, change, changed, writes }}
            onName={setNaming}
            onReset={reset}
          />
        }
      />
      {views.map((view) => (
        <Tab
          key={view.id}
          active={view.id === current?.id}
          name={view.name}
          shared={view.shared}
          onSelect={() => change({ view: view.id })}
          menu={
            <TabMenu
              {...{ definition, state, change, changed, writes, view }}
              onName={setNaming}
              onReset={reset}
            />
          }
        />
      ))}
      {changed && (
        <span className="ml-1 flex shrink-0 items-center gap-1 phone:hidden">
          {saves && (
            <Button
              size="sm"
              variant="ghost"
              className="text-accent-text"
              onClick={() => void save(current)}
            >
              {t`Save`}
            </Button>
          )}
          {!saves && writes.mayCreate && (
            <Button
              size="sm"
              variant="ghost"
              className="text-accent-text"
              onClick={() => setNaming("new")}
            >
              {t`Save as view`}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={reset}>{t`Reset`}</Button>
        </span>
      )}
      <Suspense>
        {naming && (
          <ViewDialog
            view={naming === "new" ? null : naming}
            mayShare={writes.mayShare}
            onClose={() => setNaming(null)}
            onSave={async (name, shared) => {
              const target = naming;
              setNaming(null);
              if (target !== "new") {
                await writes.change(target, { name, shared });
                return;
              }
              const made = await writes.create(name, shared, state);
              if (made) change({ view: made.id });
            }}
          />
        )}
      </Suspense>
    </nav>
  );

  async function save(view: SavedView): Promise<void> {
    if (await writes.save(view, state)) change({ view: view.id });
  }
}

function Tab({
  active,
  name,
  shared = false,
  onSelect,
  menu,
}: {
  active: boolean;
  name: string;
  shared?: boolean;
  onSelect: () => void;
  menu: React.ReactNode;
}) {
  const { t } = useLingui();
  return (
    <span
      className={cx(
        "flex h-7 shrink-0 items-center rounded-control",
        active ? "bg-hover" : "hover:bg-hover",
      )}
    >
      <button
        type="button"
        aria-current={active ? "page" : undefined}
        onClick={onSelect}
        className={cx(
          "flex h-full max-w-[200px] items-center gap-1.5 pl-2.5 font-medium coarse:min-h-11",
          active ? "pr-0.5 text-fg" : "pr-2.5 text-muted",
        )}
      >
        <span className="truncate">{name}</span>
        {shared && <Users size={12} aria-label={t`Shared`} className="shrink-0 text-faint" />}
      </button>
      {active && menu}
    </span>
  );
}

export type TabMenuProps = Props & {
  changed: boolean;
  view?: SavedView;
  writes: ReturnType<typeof useViewWrites>;
  onName: (target: "new" | SavedView) => void;
  onReset: () => void;
};

function TabMenu(props: TabMenuProps) {
  const { t } = useLingui();
  const [wanted, setWanted] = useState(false);
  const face = (
    <button
      type="button"
      aria-label={props.changed ? t`This view, changed` : t`This view`}
      onClick={() => setWanted(true)}
      className="relative flex h-full w-6 items-center justify-center rounded-r-control text-faint hover:text-fg coarse:w-11"
    >
      <ChevronDown size={13} />
      {props.changed && (
        <span aria-hidden className="absolute right-1 top-1 size-1.5 rounded-full bg-accent" />
      )}
    </button>
  );
  if (!wanted) return face;
  return (
    <Suspense fallback={face}>
      <ViewMenu {...props} trigger={face} onClosed={() => setWanted(false)} />
    </Suspense>
  );
}
