/** Arrows on a board. */
import { describe, expect, it } from "vitest";
import { carry, edge, step } from "@/engine/board/keys";

const columns = [
  { value: "new", ids: ["a", "b", "c"] },
  { value: "none", ids: [] },
  { value: "won", ids: ["d", "e"] },
];

describe("step", () => {
  it("starts at the first card", () => {
    expect(step(columns, null, "down")).toBe("a");
    expect(step(columns, "gone", "left")).toBe("a");
    expect(step([], null, "down")).toBeNull();
  });
  it("goes up and down and stays at the ends", () => {
    expect(step(columns, "a", "down")).toBe("b");
    expect(step(columns, "a", "up")).toBe("a");
    expect(step(columns, "c", "down")).toBe("c");
  });
  it("passes over empty columns, at the same height as far as there are cards", () => {
    expect(step(columns, "b", "right")).toBe("e");
    expect(step(columns, "c", "right")).toBe("e");
    expect(step(columns, "d", "left")).toBe("a");
    expect(step(columns, "d", "right")).toBe("d");
  });
  it("finds the ends of a column", () => {
    expect(edge(columns, "b", true)).toBe("c");
    expect(edge(columns, "b", false)).toBe("a");
    expect(edge(columns, null, false)).toBeNull();
  });
});

describe("carry", () => {
  it("moves within a column", () => {
    expect(carry(columns, "a", "down", true)).toEqual({ column: 0, index: 1 });
    expect(carry(columns, "b", "up", true)).toEqual({ column: 0, index: 0 });
    expect(carry(columns, "a", "up", true)).toBeNull();
    expect(carry(columns, "c", "down", true)).toBeNull();
  });
  it("does not where there is no order to keep", () => {
    expect(carry(columns, "a", "down", false)).toBeNull();
    expect(carry(columns, "a", "right", false)).toEqual({ column: 1, index: 0 });
  });
  it("moves into empty columns too, and not over the edge", () => {
    expect(carry(columns, "c", "right", true)).toEqual({ column: 1, index: 0 });
    expect(carry(columns, "e", "left", true)).toEqual({ column: 1, index: 0 });
    expect(carry(columns, "d", "right", true)).toBeNull();
    expect(carry(columns, "gone", "right", true)).toBeNull();
  });
});
