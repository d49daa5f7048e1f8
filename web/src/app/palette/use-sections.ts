/** The palette's lists for what is typed: commands, records, accounts. */
import { t } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLocation } from "react-router";
import {
  accountSection,
  commandHits,
  commandSections,
  lookCommands,
  recentSection,
  recordSections,
  type Section,
  switchItem,
} from "@/app/palette/items";
import { recentOf } from "@/app/palette/recent";
import { type Search, useSearch } from "@/app/palette/search";
import { placesOf } from "@/app/shell/navigation";
import { usePreferences } from "@/engine/preferences";
import { meOptions, type User, useSession } from "@/engine/session";
import { descendants } from "@/engine/tenants";
import { languageOf, speak } from "@/lib/i18n";
import { type Command, useRegistered } from "@/lib/keyboard";
import { setLook, useLook } from "@/lib/look";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

const RECENT = 6;

export type Mode = "all" | "accounts";

/** Listed by name only: opening what is open, and what the lists below already show. */
const LEFT_OUT = new Set(["palette"]);

function useCommandList(): Command[] {
  const registered = useRegistered();
  return useMemo(() => {
    const byId = new Map<string, Command>();
    // The later registration wins, as with keys.
    for (const command of registered)
      if (!command.hidden && !LEFT_OUT.has(command.id)) byId.set(command.id, command);
    return [...byId.values()];
  }, [registered]);
}

function useLookCommands(): Command[] {
  const look = useLook();
  const { i18n } = useLingui();
  const [, setPreferences] = usePreferences();
  const { user } = useSession();
  const client = useQueryClient();
  return lookCommands(look, i18n.locale, {
    setTheme: (theme) => {
      setLook({ theme });
      setPreferences({ theme });
    },
    setDensity: (density) => {
      setLook({ density });
      setPreferences({ density });
    },
    setLanguage: (locale) => void chooseLanguage(client, user, locale),
  });
}

/** At once here, and with the person for every other device. */
async function chooseLanguage(client: QueryClient, user: User, locale: string): Promise<void> {
  setLook({ locale });
  const put = (value: string | null) =>
    client.setQueryData<User | null>(meOptions.queryKey, (me) => me && { ...me, locale: value });
  put(locale);
  await speak(languageOf(locale));
  try {
    await request("PATCH", `/api/users/${user.id}`, { body: { locale }, query: { depth: 0 } });
  } catch (thrown) {
    put(user.locale);
    toast.error(t`Your language was not saved`, asProblem(thrown));
  }
}

/** An agency searches in all of its accounts; an account in itself. */
function useAmong(): ReadonlySet<string> | null {
  const { tenant, tenants } = useSession();
  return useMemo(() => {
    const below = descendants(tenant.id, tenants);
    return below.length === 0 ? null : new Set([tenant.id, ...below.map((each) => each.id)]);
  }, [tenant.id, tenants]);
}

export type Sections = {
  sections: Section[];
  search: Search;
  /** The first item is surely what was meant: Enter need not wait for the records. */
  strong: boolean;
};

export function useSections(
  query: string,
  mode: Mode,
  open: boolean,
  setMode: (mode: Mode) => void,
): Sections {
  const session = useSession();
  const commands = useCommandList();
  const look = useLookCommands();
  const search = useSearch(query, open && mode === "all", useAmong());
  const words = query.trim();
  const { pathname } = useLocation();
  const places = new Map(placesOf(session).map((place) => [`go.${place.id}`, place.to]));
  const many = session.tenants.length > 1;
  if (mode === "accounts") {
    return { sections: filled([accountSection(session, words, 100)]), search, strong: true };
  }
  if (words === "") {
    const recent = recentSection(recentOf(session.user.id, session.tenant.id), session);
    // Where one is already, one need not go.
    const elsewhere = commands.filter((command) => places.get(command.id) !== pathname);
    const sections = commandSections(elsewhere, places);
    const actions = sections.find((section) => section.heading === t`Actions`);
    if (many) actions?.items.push(switchItem(() => setMode("accounts")));
    recent.items = recent.items.filter((item) => item.to !== pathname).slice(0, RECENT);
    return { sections: filled([recent, ...sections]), search, strong: true };
  }
  const hits = commandHits([...commands, ...look], words, places);
  const ours: Section = { id: "commands", heading: t`Commands`, items: hits.items };
  const records = recordSections(search.results, words, session);
  const accounts = many ? [accountSection(session, words, 4)] : [];
  const sections = hits.strong ? [ours, ...records, ...accounts] : [...records, ...accounts, ours];
  return { sections: filled(sections), search, strong: hits.strong };
}

function filled(sections: Section[]): Section[] {
  return sections.filter((section) => section.items.length > 0);
}
