/** Commands as the sheet and the editor list them: by group, found by title or key. */
import { t } from "@lingui/core/macro";
import { knownCommands } from "@/app/shortcuts/catalog";
import { type Command, useRegistered } from "@/lib/keyboard";

export type Listed = Pick<Command, "id" | "title" | "group" | "keys">;

/** Every command with or without keys: those of the present page, and those that other pages bring. */
export function useListed(): Listed[] {
  const registered = useRegistered();
  const byId = new Map<string, Listed>();
  for (const command of knownCommands()) byId.set(command.id, command);
  for (const { id, title, group, keys } of registered) {
    byId.set(id, { id, title, group, keys });
  }
  return [...byId.values()];
}

export function matching<T extends Listed>(listed: readonly T[], words: string): T[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return listed.filter((each) => {
    const text = `${each.title} ${each.group} ${each.keys ?? ""}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** What works everywhere first. */
export function byGroup<T extends Listed>(listed: readonly T[]): [string, T[]][] {
  const first = [t`Actions`, t`Go to`, t`Create`];
  const place = (group: string) => (first.includes(group) ? first.indexOf(group) : first.length);
  const groups = new Map<string, T[]>();
  for (const each of listed) {
    const held = groups.get(each.group);
    if (held) held.push(each);
    else groups.set(each.group, [each]);
  }
  return [...groups].sort(([one], [other]) => place(one) - place(other));
}
