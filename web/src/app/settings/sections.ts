/** The pages of settings and who is offered them. */
import { t } from "@lingui/core/macro";
import {
  BookOpen,
  Building,
  Building2,
  FlaskConical,
  Keyboard,
  type LucideIcon,
  MonitorSmartphone,
  Palette,
  ScrollText,
  Tags,
  UserRound,
  UsersRound,
  Waypoints,
  Wrench,
} from "lucide-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { isAdmin, type Session } from "@/engine/session";

export type SettingsPage = {
  id: string;
  title: string;
  icon: LucideIcon;
  group: "you" | "account" | "data";
  keywords: string;
  Page: LazyExoticComponent<ComponentType>;
};

const PAGES = {
  profile: lazy(async () => ({ default: (await import("./profile")).Profile })),
  appearance: lazy(async () => ({ default: (await import("./appearance")).Appearance })),
  shortcuts: lazy(async () => ({ default: (await import("./shortcuts")).Shortcuts })),
  sessions: lazy(async () => ({ default: (await import("./sessions")).Sessions })),
  account: lazy(async () => ({ default: (await import("./account/account")).Account })),
  members: lazy(async () => ({ default: (await import("./members/members")).Members })),
  accounts: lazy(async () => ({ default: (await import("./accounts/accounts")).Accounts })),
  pipelines: lazy(async () => ({ default: (await import("./pipelines/pipelines")).Pipelines })),
  tags: lazy(async () => ({ default: (await import("./tags")).TagSettings })),
  services: lazy(async () => ({ default: (await import("./services")).Services })),
  audit: lazy(async () => ({ default: (await import("./audit/audit")).Audit })),
  demo: lazy(async () => ({ default: (await import("./demo")).Demo })),
  about: lazy(async () => ({ default: (await import("./about")).About })),
};

type Entry = Omit<SettingsPage, "Page"> & { id: keyof typeof PAGES; shown?: boolean };

/** Only what the role may see here; what it may change there, the page says. */
export function settingsPages({ role, schema, tenant }: Session): SettingsPage[] {
  const admin = isAdmin(role);
  const reads = (slug: string) =>
    schema.collections.some((each) => each.slug === slug && each.permissions.read);
  const above = tenant.kind !== "account";
  const entries: Entry[] = [
    {
      id: "profile",
      title: t`Profile`,
      icon: UserRound,
      group: "you",
      keywords: t`name email password time zone`,
    },
    {
      id: "appearance",
      title: t`Appearance`,
      icon: Palette,
      group: "you",
      keywords: t`theme dark density language`,
    },
    {
      id: "shortcuts",
      title: t`Shortcuts`,
      icon: Keyboard,
      group: "you",
      keywords: t`keyboard keys`,
    },
    {
      id: "sessions",
      title: t`Sessions`,
      icon: MonitorSmartphone,
      group: "you",
      keywords: t`devices sign out`,
    },
    {
      id: "account",
      title: t`Account`,
      icon: Building2,
      group: "account",
      keywords: t`name currency brand color logo`,
    },
    {
      id: "members",
      title: t`Members`,
      icon: UsersRound,
      group: "account",
      keywords: t`invite roles people`,
      shown: reads("memberships"),
    },
    {
      id: "accounts",
      title: tenant.kind === "platform" ? t`Agencies` : t`Sub-accounts`,
      icon: Building,
      group: "account",
      keywords: t`clients create account`,
      shown: above && admin,
    },
    {
      id: "pipelines",
      title: t`Pipelines`,
      icon: Waypoints,
      group: "data",
      keywords: t`stages probability`,
      shown: reads("pipelines") && reads("stages"),
    },
    {
      id: "tags",
      title: t`Tags`,
      icon: Tags,
      group: "data",
      keywords: t`color labels`,
      shown: reads("tags"),
    },
    {
      id: "services",
      title: t`Services`,
      icon: Wrench,
      group: "data",
      keywords: t`prices products`,
      shown: reads("services"),
    },
    {
      id: "audit",
      title: t`Audit log`,
      icon: ScrollText,
      group: "data",
      keywords: t`who changed what history`,
      shown: admin && reads("audit"),
    },
    {
      id: "demo",
      title: t`Demo data`,
      icon: FlaskConical,
      group: "data",
      keywords: t`sample example remove`,
      shown: admin && above,
    },
    {
      id: "about",
      title: t`API and version`,
      icon: BookOpen,
      group: "data",
      keywords: t`developer reference`,
    },
  ];
  return entries
    .filter((entry) => entry.shown !== false)
    .map(({ shown: _, ...entry }) => ({ ...entry, Page: PAGES[entry.id] }));
}
