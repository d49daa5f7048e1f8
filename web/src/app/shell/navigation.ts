/** Where one can go from anywhere: the sidebar, the phone's bar, the palette and the `g` keys share it. */
import { t } from "@lingui/core/macro";
import { CalendarDays, CheckSquare, Home, type LucideIcon, Settings } from "lucide-react";
import type { Definition } from "@/engine/definitions";
import { registeredViews } from "@/engine/modules";
import type { Session } from "@/engine/session";
import { label } from "@/lib/i18n";

export type Place = {
  id: string;
  title: string;
  to: string;
  icon: LucideIcon;
  keys?: string;
  group: "top" | "main" | "work" | "more" | "bottom";
  /** The path must be this one, not one below it. */
  exact?: boolean;
};

/** Pages that stand in for the plain list of a collection. */
const OWN_PAGES = new Set(["tasks", "appointments"]);

export function placesOf({ path, schema }: Pick<Session, "path" | "schema">): Place[] {
  const places: Place[] = [
    { id: "home", title: t`Home`, to: path(), icon: Home, keys: "g h", group: "top", exact: true },
    {
      id: "tasks",
      title: t`Tasks`,
      to: path("tasks"),
      icon: CheckSquare,
      keys: "g t",
      group: "work",
    },
    {
      id: "calendar",
      title: t`Calendar`,
      to: path("calendar"),
      icon: CalendarDays,
      keys: "g a",
      group: "work",
    },
    ...collectionPlaces(path, schema.collections),
    {
      id: "settings",
      title: t`Settings`,
      to: path("settings"),
      icon: Settings,
      keys: "g s",
      group: "bottom",
    },
  ];
  return places.sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
}

/** As the sidebar shows them, from top to bottom. */
const ORDER: readonly Place["group"][] = ["top", "main", "work", "more", "bottom"];

function collectionPlaces(path: Session["path"], collections: readonly Definition[]): Place[] {
  const shown = registeredViews()
    .flatMap(([slug, view]) => {
      const definition = collections.find((each) => each.slug === slug && each.permissions.read);
      return definition && view.nav && !OWN_PAGES.has(slug)
        ? [{ definition, view, nav: view.nav }]
        : [];
    })
    .sort((a, b) => a.nav.order - b.nav.order);
  return shown.map(({ definition, view, nav }) => ({
    id: definition.slug,
    title: label(definition.labels.plural),
    to: path(definition.slug),
    icon: view.icon,
    group: nav.group,
    ...(nav.keys ? { keys: nav.keys } : {}),
  }));
}
