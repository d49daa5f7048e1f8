/** Which commands stand in each other's way, and which keys no command may have. */
import type { Command } from "@/lib/keyboard";

export type Bound = Pick<Command, "id" | "title" | "group"> & { keys?: string | undefined };

/** Two bindings of which one would never be reached: the same keys, or one the beginning of the other. */
export function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

/** The commands that `keys` would collide with, were they bound to `id`. */
export function conflictsOf(id: string, keys: string, all: readonly Bound[]): Bound[] {
  if (keys === "") return [];
  return all.filter((each) => each.id !== id && each.keys && clash(each.keys, keys));
}

export type Refusal = "browser" | "focus";

/** Browsers never hand these to a page. */
const BROWSER = new Set([
  "mod+t",
  "mod+n",
  "mod+w",
  "mod+q",
  "mod+shift+t",
  "mod+shift+n",
  "mod+shift+w",
  "f5",
  "f11",
  "f12",
]);
/** Without a modifier these move the focus, press what has it, or write. */
const FOCUS = new Set(["tab", "shift+tab", "enter", "space", "escape"]);

export function refusalOf(keys: string): Refusal | null {
  for (const key of keys.split(" ")) {
    if (BROWSER.has(key)) return "browser";
    if (FOCUS.has(key)) return "focus";
  }
  return null;
}

/** The bindings with one laid over; going back to the default leaves no trace. */
export function bind(
  bindings: Readonly<Record<string, string>>,
  command: Pick<Command, "id" | "keys">,
  keys: string,
): Record<string, string> {
  const { [command.id]: _former, ...others } = bindings;
  return keys === (command.keys ?? "") ? others : { ...others, [command.id]: keys };
}
