/** Oneself: profile, settings, signing out. */
import { useLingui } from "@lingui/react/macro";
import { BookOpen, Database, Keyboard, LogOut, UserRound } from "lucide-react";
import { useSignOut } from "@/app/shell/sign-out";
import { isAdmin, useSession } from "@/engine/session";
import { Avatar } from "@/ui/avatar";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

export function UserMenu() {
  const { t } = useLingui();
  const { user, role, path } = useSession();
  const signOut = useSignOut();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-9 min-w-0 grow items-center gap-2.5 rounded-control px-2 hover:bg-hover"
        >
          <Avatar name={user.name} size={20} />
          <span className="truncate font-medium">{user.name}</span>
          <span className="sr-only">{t`Account menu`}</span>
        </button>
      }
    >
      <MenuItem
        icon={<UserRound size={15} />}
        href={path("settings/profile")}
      >{t`Profile`}</MenuItem>
      <MenuItem
        icon={<Keyboard size={15} />}
        href={path("settings/shortcuts")}
      >{t`Shortcuts`}</MenuItem>
      {isAdmin(role) && (
        <MenuItem icon={<Database size={15} />} href="/admin">{t`Data admin`}</MenuItem>
      )}
      <MenuItem
        icon={<BookOpen size={15} />}
        href="/api/docs"
        external
      >{t`API reference`}</MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={15} />} onSelect={() => void signOut()}>{t`Sign out`}</MenuItem>
      <MenuItem onSelect={() => void signOut(true)}>{t`Sign out everywhere`}</MenuItem>
    </Menu>
  );
}
