/** Columns: figures, counting ahead of the server, hints. */
import { describe, expect, it } from "vitest";
import {
  boardField,
  columnWhere,
  crowding,
  figuresOf,
  NONE,
  recount,
} from "@/engine/board/columns";
import type { Definition, Field } from "@/engine/definitions";
import type { Aggregate } from "@/engine/documents";

const aggregate: Aggregate = {
  groups: [
    { key: { stage: "s1" }, count: 2, sum: { value: [{ amount: 300, currency: "EUR" }] } },
    { key: { stage: null }, count: 1, sum: { value: [] } },
  ],
  total: { count: 3 },
  hasMore: false,
};

describe("figuresOf", () => {
  it("reads counts and sums by the column's value", () => {
    const figures = figuresOf(aggregate, "stage", "value");
    expect(figures.get("s1")).toEqual({
      count: 2,
      sums: [{ amount: 300, currency: "EUR" }],
      sum: null,
    });
    expect(figures.get(NONE)?.count).toBe(1);
    expect(figuresOf(undefined, "stage", undefined).size).toBe(0);
  });
});

describe("recount", () => {
  const amount = { amount: 100, currency: "EUR" };
  it("takes from one and gives to the other, made when it was empty", () => {
    const next = recount(aggregate, "stage", { from: "s1", to: "s2", sum: "value", amount });
    const figures = figuresOf(next, "stage", "value");
    expect(figures.get("s1")).toEqual({
      count: 1,
      sums: [{ amount: 200, currency: "EUR" }],
      sum: null,
    });
    expect(figures.get("s2")).toEqual({ count: 1, sums: [amount], sum: null });
    expect(aggregate.groups).toHaveLength(2);
  });
  it("keeps currencies apart", () => {
    const usd = { amount: 5, currency: "USD" };
    const next = recount(aggregate, "stage", { from: NONE, to: "s1", sum: "value", amount: usd });
    expect(figuresOf(next, "stage", "value").get("s1")?.sums).toHaveLength(2);
  });
  it("changes nothing within a column", () => {
    expect(recount(aggregate, "stage", { from: "s1", to: "s1" })).toBe(aggregate);
  });
});

describe("crowding", () => {
  it("tells of a limit only when it is passed", () => {
    expect(crowding(5, [1, 1], 5)).toBeNull();
    expect(crowding(6, [1, 1], 5)).toBe("limit");
    expect(crowding(50, [1, 1], 60)).toBeNull();
  });
  it("tells of a column far fuller than the others", () => {
    expect(crowding(40, [8, 10, 12], undefined)).toBe("crowded");
    expect(crowding(14, [8, 10, 12], undefined)).toBeNull();
    expect(crowding(6, [0, 1, 1], undefined)).toBeNull();
    expect(crowding(40, [3], undefined)).toBeNull();
  });
});

describe("boardField", () => {
  const field = (name: string, type: Field["type"], many = false): Field =>
    ({ name, type, many, label: name, writable: true, operators: [] }) as Field;
  const definition = {
    fields: [
      field("title", "text"),
      field("tags", "relationship", true),
      field("status", "select"),
    ],
  } as Definition;
  it("takes the wished field when it can be a board, else the first select", () => {
    expect(boardField(definition, "tags", null)?.name).toBe("status");
    expect(boardField(definition, "gone")?.name).toBe("status");
    expect(boardField({ fields: [field("a", "text")] } as Definition)).toBeUndefined();
  });
  it("asks for one column's cards", () => {
    expect(columnWhere("stage", "x")).toEqual({ stage: { equals: "x" } });
    expect(columnWhere("stage", NONE)).toEqual({ stage: { exists: false } });
  });
});
