/** Commands that only some pages register: known here too, so that they can be read of and rebound from anywhere. */
import type { Command } from "@/lib/keyboard";

type Known = Pick<Command, "id" | "title" | "group" | "keys">;

export function knownCommands(): Known[] {
  return [];
}
