/** The phone's bar at the bottom, and the sheet with the rest. */
import { useLingui } from "@lingui/react/macro";
import { Menu as MenuIcon, Search } from "lucide-react";
import { useState } from "react";
import { NavLink } from "react-router";
import { openPalette } from "@/app/palette/open";
import { AccountSwitcher } from "@/app/shell/account-switcher";
import { placesOf } from "@/app/shell/navigation";
import { UserMenu } from "@/app/shell/user-menu";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { Dialog } from "@/ui/dialog";

/** What fits in the bar. */
const FIRST = ["home", "contacts", "deals"];

const ITEM =
  "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-11 font-medium";

export function PhoneNav() {
  const { t } = useLingui();
  const session = useSession();
  const [open, setOpen] = useState(false);
  const places = placesOf(session);
  return (
    <nav
      aria-label={t`Main`}
      className="flex shrink-0 border-t border-line bg-side pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {places
        .filter((place) => FIRST.includes(place.id))
        .map((place) => (
          <NavLink
            key={place.id}
            to={place.to}
            end={place.exact ?? false}
            className={({ isActive }) => cx(ITEM, isActive ? "text-fg" : "text-muted")}
          >
            <place.icon size={19} aria-hidden />
            {place.title}
          </NavLink>
        ))}
      <button type="button" className={cx(ITEM, "text-muted")} onClick={openPalette}>
        <Search size={19} aria-hidden />
        {t`Search`}
      </button>
      <button type="button" className={cx(ITEM, "text-muted")} onClick={() => setOpen(true)}>
        <MenuIcon size={19} aria-hidden />
        {t`More`}
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={t`Menu`} size="sm">
        <div className="flex flex-col gap-1">
          <AccountSwitcher compact />
          {places
            .filter((place) => !FIRST.includes(place.id))
            .map((place) => (
              <NavLink
                key={place.id}
                to={place.to}
                onClick={() => setOpen(false)}
                className="flex h-11 items-center gap-3 rounded-control px-2 text-14 hover:bg-hover"
              >
                <place.icon size={18} aria-hidden /> {place.title}
              </NavLink>
            ))}
          <UserMenu />
        </div>
      </Dialog>
    </nav>
  );
}
