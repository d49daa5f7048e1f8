/** Numbers between numbers. */
import { describe, expect, it } from "vitest";
import { type Placed, placeAt } from "@/engine/board/position";

const cards = (...positions: (number | null)[]): Placed[] =>
  positions.map((position, at) => ({ id: `c${at}`, position }));

/** The order that results, the new card named "new". */
function order(others: Placed[], index: number): string[] {
  const place = placeAt(others, index);
  const moved = new Map(place.others.map((each) => [each.id, each.position]));
  const all = [
    ...others.map(({ id, position }) => ({ id, position: moved.get(id) ?? position })),
    { id: "new", position: place.position },
  ];
  return all
    .sort((a, b) => (a.position ?? Number.MAX_VALUE) - (b.position ?? Number.MAX_VALUE))
    .map(({ id }) => id);
}

describe("placeAt", () => {
  it("starts at one, as the server does", () => {
    expect(placeAt([], 0)).toEqual({ position: 1, others: [] });
  });

  it("goes before the first and after the last", () => {
    expect(placeAt(cards(1, 2), 0)).toEqual({ position: 0, others: [] });
    expect(placeAt(cards(1, 2), 2)).toEqual({ position: 3, others: [] });
    expect(placeAt(cards(1, 2), 99)).toEqual({ position: 3, others: [] });
  });

  it("takes the middle, and a whole number where one is near", () => {
    expect(placeAt(cards(1, 2), 1)).toEqual({ position: 1.5, others: [] });
    expect(placeAt(cards(1, 6), 1)).toEqual({ position: 4, others: [] });
  });

  it("lets few neighbors make room when two stand on the same number", () => {
    const others = cards(1, 5, 5, 9);
    const place = placeAt(others, 2);
    expect(place.others).toHaveLength(1);
    expect(order(others, 2)).toEqual(["c0", "c1", "new", "c2", "c3"]);
  });

  it("lets cards without a position keep their order", () => {
    expect(order(cards(null, null, null), 1)).toEqual(["c0", "new", "c1", "c2"]);
    expect(placeAt(cards(3, null, null), 1).others).toEqual([]);
    expect(order(cards(3, null, null), 1)).toEqual(["c0", "new", "c1", "c2"]);
  });

  it("keeps the order after a thousand cards between the same two", () => {
    let others = cards(1, 2);
    for (let count = 0; count < 1000; count++) {
      const place = placeAt(others, 1);
      const moved = new Map(place.others.map((each) => [each.id, each.position]));
      others = others.map((o) => ({ ...o, position: moved.get(o.id) ?? o.position }));
      others.splice(1, 0, { id: `n${count}`, position: place.position });
      const numbers = others.map((other) => other.position ?? 0);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(place.others.length).toBeLessThan(40);
    }
  });

  it("stays within what the server takes", () => {
    const place = placeAt(cards(5, 1e9), 2);
    expect(place.position).toBeLessThanOrEqual(1e9);
    expect(order(cards(5, 1e9), 2)).toEqual(["c0", "c1", "new"]);
  });
});
