/** Every command that a page binds to a key can be found and rebound from anywhere. */
import { readdirSync, readFileSync } from "node:fs";
import { i18n } from "@lingui/core";
import { expect, it } from "vitest";
import { knownCommands } from "@/app/shortcuts/catalog";

const SRC = new URL("../../", import.meta.url);
/** In sight wherever the shell is, or in the raw data admin, which has its own sidebar. */
const ELSEWHERE = /^app\/(shell|admin|settings)\//;

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\./.test(path) && !ELSEWHERE.test(path));
}

/** Ids written out beside keys: `{ id: "list.down", …, keys: "j" }`. */
function written(): { id: string; keys: string }[] {
  return sources().flatMap((path) => {
    const text = readFileSync(new URL(path, SRC), "utf8");
    if (!text.includes("useCommands(")) return [];
    const found = text.matchAll(/\bid: "([a-z]+\.[A-Za-z]+)",[^{}]*?\bkeys: "([^"]+)"/gs);
    return [...found].map(([, id = "", keys = ""]) => ({ id, keys }));
  });
}

i18n.loadAndActivate({ locale: "en", messages: {} });

it("knows each command with a key, by the same key", () => {
  const found = written();
  expect(found.length).toBeGreaterThan(8);
  const known = new Map(knownCommands().map((command) => [command.id, command.keys]));
  for (const { id, keys } of found) expect([id, known.get(id)]).toEqual([id, keys]);
});

it("has no id twice", () => {
  const ids = knownCommands().map((command) => command.id);
  expect(new Set(ids).size).toBe(ids.length);
});
