// @vitest-environment jsdom
/** Records seen last are kept apart for each person and tenant. */
import { beforeEach, describe, expect, it } from "vitest";
import { forget, MOST, type Recent, recentOf, remember, withRecent } from "@/app/palette/recent";

const entry = (id: string, at = 1): Recent => ({ slug: "contacts", id, title: `Title ${id}`, at });

beforeEach(() => localStorage.clear());

describe("withRecent", () => {
  it("moves what is seen again to the head", () => {
    const list = withRecent([entry("a"), entry("b")], entry("b", 2));
    expect(list.map((each) => each.id)).toEqual(["b", "a"]);
    expect(list[0]?.at).toBe(2);
  });

  it("tells records of two collections with one id apart", () => {
    expect(withRecent([entry("a")], { ...entry("a"), slug: "deals" })).toHaveLength(2);
  });

  it("forgets the oldest", () => {
    const full = Array.from({ length: MOST }, (_, at) => entry(String(at)));
    const list = withRecent(full, entry("new"));
    expect(list).toHaveLength(MOST);
    expect(list.at(-1)?.id).toBe(String(MOST - 2));
  });
});

describe("the store", () => {
  it("shows nobody what another person or tenant saw", () => {
    remember("ana", "north", entry("a"));
    expect(recentOf("ana", "north")).toHaveLength(1);
    expect(recentOf("ben", "north")).toEqual([]);
    expect(recentOf("ana", "south")).toEqual([]);
  });

  it("forgets a record that is gone", () => {
    remember("ana", "north", entry("a"));
    forget("ana", "north", "contacts", "a");
    expect(recentOf("ana", "north")).toEqual([]);
  });

  it("reads past what is not its own", () => {
    localStorage.setItem(
      "mainstay.recent:ana:north",
      '[{"slug":1},null,{"slug":"a","id":"b","title":"c"}]',
    );
    expect(recentOf("ana", "north")).toHaveLength(1);
    localStorage.setItem("mainstay.recent:ana:north", "{");
    expect(recentOf("ana", "north")).toEqual([]);
  });
});
