/**
 * Commands that only some pages register: known here too, so that they can be read of and rebound from
 * anywhere. What a page registers under the same id is what counts while it is shown; the test beside this
 * file finds what is missing here.
 */
import { t } from "@lingui/core/macro";
import type { Command } from "@/lib/keyboard";

export type Known = Pick<Command, "id" | "title" | "group" | "keys">;

export function knownCommands(): Known[] {
  return [...create(), ...list(), ...record(), ...board(), ...calendar(), ...tasks()];
}

function grouped(
  prefix: string,
  group: string,
  entries: [id: string, keys: string, title: string][],
): Known[] {
  return entries.map(([id, keys, title]) => ({ id: `${prefix}.${id}`, group, keys, title }));
}

function create(): Known[] {
  return grouped("create", t`Create`, [["submit", "mod+enter", t`Create`]]);
}

function list(): Known[] {
  return grouped("list", t`List`, [
    ["down", "j", t`Next row`],
    ["up", "k", t`Previous row`],
    ["open", "o", t`Open the record`],
    ["edit", "e", t`Edit the cell`],
    ["select", "x", t`Select the row`],
    ["selectAll", "mod+a", t`Select everything in the list`],
    ["search", "/", t`Search in the list`],
    ["filter", "f", t`Filter the list`],
    ["create", "c", t`New record`],
  ]);
}

function record(): Known[] {
  return grouped("record", t`Record`, [
    ["previous", "[", t`Previous record`],
    ["next", "]", t`Next record`],
    ["edit", "e", t`Edit fields`],
    ["copyLink", "mod+shift+c", t`Copy link to this record`],
    ["duplicate", "", t`Duplicate this record`],
    ["remove", "shift+delete", t`Delete this record`],
    ["expand", "shift+o", t`Open as a page`],
    ["back", "u", t`Back to the list`],
    ["note", "n", t`Write a note`],
    ["call", "l", t`Log a call`],
    ["email", "shift+e", t`Log an email`],
    ["meeting", "m", t`Log a meeting`],
    ["task", "t", t`Add a task`],
  ]);
}

function board(): Known[] {
  return grouped("board", t`Board`, [
    ["left", "alt+arrowleft", t`Move card to the left`],
    ["right", "alt+arrowright", t`Move card to the right`],
    ["up", "alt+arrowup", t`Move card up`],
    ["down", "alt+arrowdown", t`Move card down`],
  ]);
}

function calendar(): Known[] {
  return grouped("calendar", t`Calendar`, [
    ["today", "t", t`Go to today`],
    ["month", "m", t`Show the month`],
    ["week", "w", t`Show the week`],
    ["agenda", "a", t`Show the agenda`],
    ["next", "n", t`Next`],
    ["previous", "p", t`Previous`],
  ]);
}

function tasks(): Known[] {
  return grouped("tasks", t`Tasks`, [
    ["next", "j", t`Next task`],
    ["previous", "k", t`Previous task`],
    ["complete", "x", t`Complete task`],
    ["rename", "e", t`Rename task`],
    ["snooze", "s", t`Put task off`],
    ["add", "a", t`Add a task quickly`],
  ]);
}
