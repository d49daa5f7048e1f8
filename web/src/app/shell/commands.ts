/** What can be done from anywhere: go places, create, switch theme, sign out. */
import { useLingui } from "@lingui/react/macro";
import { Keyboard, LogOut, Moon, Plus, Search, Undo2 } from "lucide-react";
import { useNavigate } from "react-router";
import { openPalette } from "@/app/palette/open";
import { placesOf } from "@/app/shell/navigation";
import { useSignOut } from "@/app/shell/sign-out";
import { registeredViews } from "@/engine/modules";
import { usePreferences } from "@/engine/preferences";
import { useSession } from "@/engine/session";
import { label } from "@/lib/i18n";
import { type Command, useCommands } from "@/lib/keyboard";
import { isDark, setLook } from "@/lib/look";
import { undoLatest } from "@/ui/toast";

export function useShellCommands({ openSheet }: { openSheet: () => void }): void {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [, setPreferences] = usePreferences();
  const go: Command[] = placesOf(session).map((place) => ({
    id: `go.${place.id}`,
    title: place.title,
    group: t`Go to`,
    keys: place.keys,
    icon: place.icon,
    run: () => void navigate(place.to),
  }));
  const create: Command[] = creatable(session.schema.collections).map(({ slug, singular }) => ({
    id: `create.${slug}`,
    title: t`New ${label(singular).toLowerCase()}`,
    group: t`Create`,
    icon: Plus,
    keys: slug === "contacts" ? "c" : undefined,
    run: () => void openCreate(slug),
  }));
  const toggleTheme = () => {
    const theme = isDark() ? "light" : "dark";
    setLook({ theme });
    setPreferences({ theme });
  };
  useCommands([
    {
      id: "palette",
      title: t`Search and commands`,
      group: t`Actions`,
      keys: "mod+k",
      icon: Search,
      everywhere: true,
      run: openPalette,
    },
    { id: "undo", title: t`Undo`, group: t`Actions`, keys: "mod+z", icon: Undo2, run: undoLatest },
    {
      id: "theme",
      title: t`Toggle dark mode`,
      group: t`Actions`,
      keys: "mod+shift+l",
      icon: Moon,
      run: toggleTheme,
    },
    {
      id: "shortcuts",
      title: t`Keyboard shortcuts`,
      group: t`Actions`,
      keys: "?",
      icon: Keyboard,
      run: openSheet,
    },
    {
      id: "signOut",
      title: t`Sign out`,
      group: t`Actions`,
      icon: LogOut,
      run: () => void signOut(),
    },
    ...go,
    ...create,
  ]);
}

function creatable(collections: ReturnType<typeof useSession>["schema"]["collections"]) {
  const inNav = new Set(
    registeredViews()
      .filter(([, view]) => view.quick)
      .map(([slug]) => slug),
  );
  return collections
    .filter((definition) => definition.permissions.create && inNav.has(definition.slug))
    .map((definition) => ({ slug: definition.slug, singular: definition.labels.singular }));
}

/** The dialog is a chunk of its own. */
async function openCreate(slug: string): Promise<void> {
  const dialog = await import("@/engine/record/create-dialog");
  dialog.openCreate(slug);
}
