/** An address says what a state says, and nothing more than it must. */
import { describe, expect, it } from "vitest";
import {
  isChanged,
  readColumns,
  readFilter,
  readState,
  writeColumns,
  writeFilter,
  writeState,
} from "@/engine/list/view-codec";
import type { ViewState } from "@/engine/view-state";
import { EMPTY, type Filter, whereOf } from "@/engine/where";

const base: ViewState = {
  layout: "list",
  view: null,
  q: "",
  filter: EMPTY,
  sort: "-createdAt",
  columns: [{ path: "name" }, { path: "email" }],
  group: null,
  by: "lifecycle",
};

const filter: Filter = {
  join: "and",
  parts: [
    { path: "lifecycle", operator: "in", value: ["lead", "customer"] },
    {
      join: "or",
      parts: [
        { path: "company.name", operator: "like", value: "a, b:c" },
        { path: "owner", operator: "exists", value: false },
      ],
    },
  ],
};

function roundTrip(state: ViewState, from = base): ViewState {
  const params = new URLSearchParams();
  writeState(params, state, from);
  return readState(new URLSearchParams(params.toString()), from);
}

describe("an address", () => {
  it("keeps everything of a state", () => {
    const state: ViewState = {
      ...base,
      layout: "board",
      q: "ana & co",
      filter,
      sort: "name,-createdAt",
      columns: [
        { path: "name", width: 200 },
        { path: "value", total: "avg" },
        { path: "consent.marketing" },
      ],
      group: "createdAt:month",
      by: "owner",
    };
    expect(roundTrip(state)).toEqual(state);
  });

  it("is empty when nothing differs, and leaves other parameters alone", () => {
    const params = new URLSearchParams("open=contacts:1&q=x&sort=name");
    writeState(params, base, base);
    expect(params.toString()).toBe("open=contacts%3A1");
  });

  it("can say that nothing is filtered where the view filters", () => {
    const saved = { ...base, filter, group: "lifecycle", q: "x" };
    const cleared = { ...saved, filter: EMPTY, group: null, q: "" };
    expect(roundTrip(cleared, saved)).toEqual(cleared);
  });

  it("tells whether a view was changed", () => {
    expect(isChanged(base, base)).toBe(false);
    expect(isChanged({ ...base, sort: "name" }, base)).toBe(true);
    expect(
      isChanged({ ...base, columns: [{ path: "name", width: 300 }, { path: "email" }] }, base),
    ).toBe(true);
  });
});

describe("a filter in an address", () => {
  it("is short and means the same", () => {
    const text = writeFilter(filter);
    expect(text).toBe(
      '["and",["lifecycle","in",["lead","customer"]],["or",["company.name","like","a, b:c"],["owner","exists",false]]]',
    );
    expect(readFilter(text)).toEqual(filter);
    expect(whereOf(readFilter(text))).toEqual({
      and: [
        { lifecycle: { in: ["lead", "customer"] } },
        { or: [{ "company.name": { like: "a, b:c" } }, { owner: { exists: false } }] },
      ],
    });
  });

  it("is nothing when it cannot be read", () => {
    for (const text of ["", "{", "null", "[]", "[1,2]", '{"a":1}', '"and"']) {
      expect(readFilter(text)).toEqual(EMPTY);
    }
  });

  it("takes a single test", () => {
    expect(readFilter('["status","equals","open"]').parts).toHaveLength(1);
  });
});

describe("columns in an address", () => {
  it("keep order, widths and totals", () => {
    const columns = [
      { path: "name" },
      { path: "value", width: 140, total: "sum" as const },
      { path: "a.b", total: "none" as const },
    ];
    expect(writeColumns(columns)).toBe("name,value:140:sum,a.b::none");
    expect(readColumns("name,value:140:sum,a.b::none")).toEqual(columns);
  });

  it("ignore nonsense", () => {
    expect(readColumns("name:x:best,,b:-5,c:99999")).toEqual([
      { path: "name" },
      { path: "b" },
      { path: "c", width: 1200 },
    ]);
  });
});
