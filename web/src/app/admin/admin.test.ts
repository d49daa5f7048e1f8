/** Raw values and filters of the data admin. */
import { describe, expect, it } from "vitest";
import { whereOf } from "@/engine/where";
import { cellText, changed, parseJson } from "./raw";
import { filterOfWhere, parseWhere } from "./where-json";

describe("raw values", () => {
  it("sends only what differs and may be written", () => {
    const before = { id: "1", name: "A", note: null, value: { amount: 1 } };
    const after = { id: "2", name: "B", value: { amount: 1 } };
    expect(changed(before, after, ["name", "note", "value"])).toEqual({ name: "B" });
    expect(changed({ name: "A" }, {}, ["name"])).toEqual({ name: null });
  });
  it("shows text bare and the rest as JSON", () => {
    expect(cellText("<b>x</b>")).toBe("<b>x</b>");
    expect(cellText({ a: [1] })).toBe('{"a":[1]}');
    expect(cellText(false)).toBe("false");
    expect(cellText(null)).toBe("");
    expect(parseJson(" ")).toBeNull();
    expect(() => parseJson("{a}")).toThrow();
  });
});

describe("where", () => {
  it("reads objects only", () => {
    expect(parseWhere("")).toBeNull();
    expect(() => parseWhere("[1]")).toThrow();
    expect(() => parseWhere("{")).toThrow();
  });
  it("goes to the builder and back", () => {
    const test = { name: { like: "ana" } };
    const all = [
      test,
      { or: [test, { email: { exists: true } }] },
      { and: [test, { or: [test, { createdAt: { less_than: "2026-01-01" } }] }] },
    ];
    for (const where of all) {
      const filter = filterOfWhere(where);
      expect(filter && whereOf(filter)).toEqual(where);
    }
  });
  it("takes keys side by side as an and", () => {
    const filter = filterOfWhere({ name: { like: "a" }, email: { like: "b" } });
    expect(filter && whereOf(filter)).toEqual({
      and: [{ name: { like: "a" } }, { email: { like: "b" } }],
    });
  });
  it("leaves what it cannot draw to the text", () => {
    for (const bad of [{ name: "a" }, { n: { like: "a", exists: true } }, { and: {} }, null, []]) {
      expect(filterOfWhere(bad)).toBeNull();
    }
  });
});
