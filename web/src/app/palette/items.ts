/** What the palette offers, in the order it is shown. */
import { t } from "@lingui/core/macro";
import { ArrowLeftRight, Building, Check, FileText, Languages, Monitor, Rows3 } from "lucide-react";
import type { ComponentType } from "react";
import { type Piece, pieces, rank, STRONG, score } from "@/app/palette/rank";
import type { Recent } from "@/app/palette/recent";
import type { Found } from "@/app/palette/search";
import type { Definition } from "@/engine/definitions";
import { registeredViews, viewOf } from "@/engine/modules";
import { type Session, type Tenant, workspaceOf } from "@/engine/session";
import { LANGUAGES, label } from "@/lib/i18n";
import { type Command, keysOf } from "@/lib/keyboard";
import type { Density, Look, Theme } from "@/lib/look";

export type Icon = ComponentType<{ size?: number | string }>;

export type Item = {
  id: string;
  title: Piece[];
  detail?: string;
  icon: Icon;
  hue?: number;
  keys?: string;
  /** Where it leads, when it leads somewhere: a new tab can be opened there. */
  to?: string;
  run?: () => void;
  /** Another list instead of closing. */
  stays?: boolean;
};

export type Section = { id: string; heading: string; items: Item[] };

export type Choices = {
  setTheme: (theme: Theme) => void;
  setDensity: (density: Density) => void;
  setLanguage: (language: string) => void;
};

/** Commands that the palette itself brings; they show only when asked for by name. */
export function lookCommands(look: Look, language: string, choices: Choices): Command[] {
  const themes: [Theme, string][] = [
    ["system", t`Theme: as the system`],
    ["light", t`Theme: light`],
    ["dark", t`Theme: dark`],
  ];
  const densities: [Density, string][] = [
    ["compact", t`Density: compact`],
    ["default", t`Density: default`],
    ["roomy", t`Density: roomy`],
  ];
  const mark = (active: boolean, icon: Icon) => (active ? Check : icon);
  const group = t`Appearance`;
  return [
    ...themes.map(([value, title]) => ({
      id: `look.theme.${value}`,
      title,
      group,
      keywords: "appearance color mode",
      icon: mark(look.theme === value, Monitor),
      run: () => choices.setTheme(value),
    })),
    ...densities.map(([value, title]) => ({
      id: `look.density.${value}`,
      title,
      group,
      keywords: "rows height spacing",
      icon: mark(look.density === value, Rows3),
      run: () => choices.setDensity(value),
    })),
    ...LANGUAGES.map(({ value, label: name }) => ({
      id: `look.language.${value}`,
      title: t`Language: ${name}`,
      group,
      keywords: "language idioma",
      icon: mark(language === value, Languages),
      run: () => choices.setLanguage(value),
    })),
  ];
}

function commandItem(command: Command, query: string, to: string | undefined): Item {
  const keys = keysOf(command);
  return {
    id: `command:${command.id}`,
    title: pieces(command.title, query),
    icon: command.icon ?? FileText,
    run: command.run,
    ...(keys ? { keys } : {}),
    ...(to ? { to } : {}),
  };
}

/** Without words: everything, by group; what the present page offers before what every page does. */
export function commandSections(
  commands: readonly Command[],
  places: ReadonlyMap<string, string>,
): Section[] {
  const groups = new Map<string, Item[]>();
  const everywhere = [t`Go to`, t`Create`, t`Actions`];
  for (const command of commands) {
    const items = groups.get(command.group) ?? [];
    items.push(commandItem(command, "", places.get(command.id)));
    groups.set(command.group, items);
  }
  const place = (heading: string) => everywhere.indexOf(heading);
  return [...groups]
    .sort(([one], [other]) => place(one) - place(other))
    .map(([heading, items]) => ({ id: `group:${heading}`, heading, items }));
}

/** The commands that fit, best first, and whether the best is surely meant. */
export function commandHits(
  commands: readonly Command[],
  query: string,
  places: ReadonlyMap<string, string>,
): { items: Item[]; strong: boolean } {
  const found = rank(commands, query, (command) => ({
    title: command.title,
    keywords: `${command.keywords ?? ""} ${command.group}`,
  }));
  return {
    items: found.slice(0, 8).map(({ item }) => commandItem(item, query, places.get(item.id))),
    strong: (found[0]?.score ?? 0) >= STRONG,
  };
}

/** Records found, by collection: first where a title begins with what was typed, then as in the sidebar. */
export function recordSections(
  found: readonly Found[],
  query: string,
  session: Session,
): Section[] {
  const groups = new Map<string, { items: Item[]; best: number }>();
  for (const each of found) {
    const definition = session.schema.collections.find((c) => c.slug === each.collection);
    if (!definition?.permissions.read) continue;
    const group = groups.get(each.collection) ?? { items: [], best: 0 };
    group.items.push(recordItem(each, query, session));
    group.best = Math.max(group.best, Math.floor(score(each.title, query) / 20));
    groups.set(each.collection, group);
  }
  const order = registeredViews().map(([slug]) => slug);
  const place = (slug: string) => (order.includes(slug) ? order.indexOf(slug) : order.length);
  return [...groups]
    .sort(([one, a], [other, b]) => b.best - a.best || place(one) - place(other))
    .map(([slug, { items }]) => ({
      id: `records:${slug}`,
      heading: headingOf(session.schema.collections, slug),
      items,
    }));
}

function headingOf(collections: readonly Definition[], slug: string): string {
  return label(collections.find((each) => each.slug === slug)?.labels.plural ?? slug);
}

function recordItem(found: Found, query: string, session: Session): Item {
  const elsewhere =
    found.tenant && found.tenant !== session.tenant.id
      ? session.tenants.find((tenant) => tenant.id === found.tenant)
      : undefined;
  const base = elsewhere ? `/w/${workspaceOf(elsewhere, session.tenants)}` : session.path();
  const detail = [found.detail, elsewhere?.name].filter(Boolean).join(" · ");
  return {
    ...recordFace(found.collection, found.id, found.title, query),
    to: `${base}/${found.collection}/${found.id}`,
    ...(detail ? { detail } : {}),
  };
}

function recordFace(slug: string, id: string, title: string, query: string) {
  const view = viewOf(slug);
  const shown = title.trim() || t`Untitled`;
  return {
    id: `record:${slug}:${id}`,
    title: pieces(shown, query),
    icon: view?.icon ?? FileText,
    ...(view?.hue === undefined ? {} : { hue: view.hue }),
  };
}

export function recentSection(recent: readonly Recent[], session: Session): Section {
  const known = recent.filter((each) =>
    session.schema.collections.some((c) => c.slug === each.slug && c.permissions.read),
  );
  return {
    id: "recent",
    heading: t`Recent`,
    items: known.map((each) => {
      const singular = session.schema.collections.find((c) => c.slug === each.slug)?.labels
        .singular;
      return {
        ...recordFace(each.slug, each.id, each.title, ""),
        detail: label(singular ?? each.slug),
        to: session.path(`${each.slug}/${each.id}`),
      };
    }),
  };
}

/** Accounts by name; without words all of them. */
export function accountSection(session: Session, query: string, most: number): Section {
  const others = session.tenants.filter((tenant) => tenant.id !== session.tenant.id);
  const found = rank(others, query, (tenant) => ({ title: tenant.name, keywords: tenant.slug }));
  const kinds: Record<Tenant["kind"], string> = {
    platform: t`Platform`,
    agency: t`Agency`,
    account: t`Account`,
  };
  return {
    id: "accounts",
    heading: t`Switch account`,
    items: found.slice(0, most).map(({ item }) => ({
      id: `account:${item.id}`,
      title: pieces(item.name, query),
      detail: kinds[item.kind],
      icon: Building,
      to: `/w/${workspaceOf(item, session.tenants)}`,
    })),
  };
}

export function switchItem(run: () => void): Item {
  const name = t`Switch account…`;
  return {
    id: "palette.switch",
    title: [{ text: name, hit: false }],
    icon: ArrowLeftRight,
    run,
    stays: true,
  };
}
