/** The arithmetic of lists: sections and pages, the cursor, groups, sorting, relative days, selections. */
// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

vi.hoisted(() => {
  globalThis.matchMedia ??= (() => ({
    matches: false,
    addEventListener() {},
    removeEventListener() {},
  })) as never;
});

import type { Doc, Field } from "@/engine/definitions";
import { HEAD, moved } from "@/engine/list/cursor";
import { makePart, pruned, relativeDays, spanOf, spanOfDays } from "@/engine/list/filter-model";
import { bucketEnd, groupWhere } from "@/engine/list/groups";
import { pagesOf, placeOf, type Section, starts } from "@/engine/list/sections";
import { NONE, sizeOf, toggled } from "@/engine/list/selection";
import { moveColumn, nextSort } from "@/engine/list/use-header";
import { whereOf } from "@/engine/where";

const section = (id: string, count: number, open = true, head = true): Section => ({
  id,
  count,
  open,
  head,
  where: undefined,
});

describe("sections", () => {
  const sections = [section("a", 250), section("b", 3, false), section("c", 5)];
  const begins = starts(sections);
  it("run on from one to the next", () => {
    expect(begins).toEqual([0, 251, 252, 258]);
    expect(placeOf(sections, begins, 0)).toEqual({ section: 0, row: "head" });
    expect(placeOf(sections, begins, 250)).toEqual({ section: 0, row: 249 });
    expect(placeOf(sections, begins, 251)).toEqual({ section: 1, row: "head" });
    expect(placeOf(sections, begins, 253)).toEqual({ section: 2, row: 0 });
    expect(placeOf(sections, begins, 258)).toBeNull();
  });
  it("know the pages in sight", () => {
    expect(pagesOf(sections, begins, 90, 260, 100)).toEqual([
      { section: 0, page: 1 },
      { section: 0, page: 2 },
      { section: 0, page: 3 },
      { section: 2, page: 1 },
    ]);
    const whole = [section("", 100_000, true, false)];
    expect(pagesOf(whole, starts(whole), 99_960, 100_040, 100)).toEqual([
      { section: 0, page: 1000 },
    ]);
  });
});

describe("the cursor", () => {
  const size = { rows: 10, cols: 4, page: 5 };
  const cursor = { at: { row: 0, col: 1 }, from: { row: 0, col: 1 } };
  it("goes up into the head by one step only", () => {
    expect(moved(cursor, { row: -1, col: 0 }, size).at.row).toBe(HEAD);
    expect(moved(cursor, { row: -5, col: 0 }, size).at.row).toBe(0);
    expect(moved(cursor, { row: -1, col: 0 }, size, true).at.row).toBe(0);
  });
  it("stretches from where it began", () => {
    const next = moved(cursor, { row: 2, col: 1 }, size, true);
    expect(next).toEqual({ at: { row: 2, col: 2 }, from: { row: 0, col: 1 } });
  });
});

describe("groups", () => {
  const dated: Field = { name: "day", label: "", type: "date", writable: true, operators: [] };
  it("end where the next begins", () => {
    expect(bucketEnd("2026-12-01", "month")).toBe("2027-01-01");
    expect(bucketEnd("2026-11-16", "week")).toBe("2026-11-23");
    expect(bucketEnd("2026-10-01", "quarter")).toBe("2027-01-01");
  });
  it("narrow the list", () => {
    const by = { path: "day", field: dated, bucket: "month" as const };
    expect(groupWhere(by, "2026-11-01")).toEqual({
      day: { greater_than_equal: "2026-11-01", less_than: "2026-12-01" },
    });
    expect(groupWhere(by, null)).toEqual({ day: { exists: false } });
    const many = {
      path: "tags",
      field: { ...dated, type: "relationship" as const, many: true },
      bucket: null,
    };
    expect(groupWhere(many, "x")).toEqual({ tags: { in: ["x"] } });
  });
});

describe("sorting by a header", () => {
  it("goes up, down, away", () => {
    expect(nextSort("-createdAt", "name", false)).toBe("name");
    expect(nextSort("name", "name", false)).toBe("-name");
    expect(nextSort("-name", "name", false)).toBe("");
  });
  it("adds keys with Shift", () => {
    expect(nextSort("name", "email", true)).toBe("name,email");
    expect(nextSort("name,email", "name", true)).toBe("-name,email");
    expect(nextSort("-name,email", "name", true)).toBe("email");
  });
});

it("moves a column before or after another", () => {
  const columns = ["a", "b", "c"].map((path) => ({ path }));
  const order = (path: string, to: string, after: boolean) =>
    moveColumn(columns, path, to, after)
      .map((c) => c.path)
      .join("");
  expect(order("a", "c", true)).toBe("bca");
  expect(order("c", "a", false)).toBe("cab");
  expect(order("a", "a", true)).toBe("abc");
});

describe("filters", () => {
  const day: Field = { name: "day", label: "", type: "date", writable: true, operators: [] };
  it("resolve relative days", () => {
    expect(relativeDays("thisWeek", "2026-11-21")).toEqual(["2026-11-16", "2026-11-22"]);
    expect(relativeDays("lastMonth", "2026-03-31")).toEqual(["2026-02-01", "2026-02-28"]);
    expect(relativeDays("thisQuarter", "2026-11-21")).toEqual(["2026-10-01", "2026-12-31"]);
    expect(relativeDays("last7", "2026-11-03")).toEqual(["2026-10-28", "2026-11-03"]);
  });
  it("show two bounds as one span and send both", () => {
    const span = spanOfDays(day, "day", "2026-11-01", "2026-11-30");
    expect(spanOf(span)).toEqual({ path: "day", from: "2026-11-01", to: "2026-11-30" });
    expect(whereOf(span)).toEqual({
      and: [
        { day: { greater_than_equal: "2026-11-01" } },
        { day: { less_than_equal: "2026-11-30" } },
      ],
    });
  });
  it("drop what says nothing", () => {
    const filter = {
      join: "and" as const,
      parts: [
        makePart(day, "day", "between"),
        makePart(day, "day", "empty"),
        { join: "or" as const, parts: [] },
      ],
    };
    expect(pruned(filter).parts).toEqual([{ path: "day", operator: "exists", value: false }]);
  });
});

describe("a selection", () => {
  const docs = ["a", "b"].map((id): Doc => ({ id, createdAt: "", updatedAt: "" }));
  it("adds, and takes away what is all in it", () => {
    const both = toggled(NONE, docs);
    expect(sizeOf(both, 10)).toBe(2);
    expect(sizeOf(toggled(both, docs), 10)).toBe(0);
  });
  it("leaves rows out of everything", () => {
    const all = toggled({ ...NONE, all: true }, docs.slice(0, 1));
    expect([sizeOf(all, 10), all.except.has("a")]).toEqual([9, true]);
    expect(sizeOf(toggled(all, docs.slice(0, 1)), 10)).toBe(10);
  });
});
