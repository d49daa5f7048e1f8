/** The sidebar: where one stands, search, places, oneself. Hidden on the phone. */
import { useLingui } from "@lingui/react/macro";
import { Moon, Search, Sun } from "lucide-react";
import { NavLink } from "react-router";
import { openPalette } from "@/app/palette/open";
import { AccountSwitcher } from "@/app/shell/account-switcher";
import { type Place, placesOf } from "@/app/shell/navigation";
import { UserMenu } from "@/app/shell/user-menu";
import { usePreferences } from "@/engine/preferences";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { isDark, setLook, useLook } from "@/lib/look";
import { IconButton } from "@/ui/button";
import { Kbd } from "@/ui/kbd";

export function Sidebar() {
  const { t } = useLingui();
  const session = useSession();
  const places = placesOf(session);
  const of = (group: Place["group"]) => places.filter((place) => place.group === group);
  return (
    <aside className="flex w-[228px] shrink-0 flex-col gap-0.5 border-r border-line bg-side p-2 phone:hidden">
      <AccountSwitcher />
      <button
        type="button"
        onClick={openPalette}
        className="mb-1.5 mt-1 flex h-8 items-center gap-2 rounded-control bg-raise px-2.5 text-muted shadow-control hover:text-fg"
      >
        <Search size={15} aria-hidden />
        <span className="grow text-left">{t`Search`}</span>
        <Kbd keys="mod+k" />
      </button>
      <nav aria-label={t`Main`} className="flex min-h-0 grow flex-col gap-0.5 overflow-y-auto">
        <Links places={[...of("top"), ...of("main")]} />
        <Heading>{t`Work`}</Heading>
        <Links places={of("work")} />
        <Heading>{t`Workspace`}</Heading>
        <Links places={[...of("more"), ...of("bottom")]} />
      </nav>
      <div className="flex items-center gap-1 pt-1">
        <UserMenu />
        <ThemeButton />
      </div>
    </aside>
  );
}

function Heading({ children }: { children: string }) {
  return <h2 className="px-2.5 pb-1 pt-4 text-12 font-medium text-faint">{children}</h2>;
}

function Links({ places }: { places: readonly Place[] }) {
  return (
    <>
      {places.map((place) => (
        <NavLink
          key={place.id}
          to={place.to}
          end={place.exact ?? false}
          className={({ isActive }) =>
            cx(
              "flex h-[30px] items-center gap-2.5 rounded-control px-2.5 font-medium",
              isActive ? "bg-active text-fg" : "text-muted hover:bg-hover hover:text-fg",
            )
          }
        >
          <place.icon size={16} aria-hidden className="shrink-0" />
          <span className="truncate">{place.title}</span>
        </NavLink>
      ))}
    </>
  );
}

function ThemeButton() {
  const { t } = useLingui();
  useLook();
  const [, setPreferences] = usePreferences();
  const dark = isDark();
  const toggle = () => {
    const theme = dark ? "light" : "dark";
    setLook({ theme });
    setPreferences({ theme });
  };
  return (
    <IconButton label={dark ? t`Light theme` : t`Dark theme`} onClick={toggle}>
      {dark ? <Sun size={16} /> : <Moon size={16} />}
    </IconButton>
  );
}
