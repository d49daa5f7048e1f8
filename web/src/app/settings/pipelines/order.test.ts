/** Moving stages around. */
import { expect, it } from "vitest";
import { moved, type Ordered, reordered } from "./order";

const list = (...orders: number[]): Ordered[] =>
  orders.map((order, at) => ({ id: "abcdefgh"[at] ?? "", order }));

/** What the list is once the writes are in, sorted by them. */
function after(start: Ordered[], from: number, to: number): { ids: string; writes: number } {
  const next = moved(start, from, to);
  const writes = reordered(next, start[from]?.id ?? "");
  const orders = new Map(writes.map((each) => [each.id, each.order]));
  const sorted = [...next].sort(
    (a, b) => (orders.get(a.id) ?? a.order) - (orders.get(b.id) ?? b.order),
  );
  return { ids: sorted.map((each) => each.id).join(""), writes: writes.length };
}

it("writes one document where there is room", () => {
  expect(after(list(10, 20, 30, 40), 3, 1)).toEqual({ ids: "adbc", writes: 1 });
  expect(after(list(10, 20, 30), 0, 2)).toEqual({ ids: "bca", writes: 1 });
  expect(after(list(10, 20, 30), 2, 0)).toEqual({ ids: "cab", writes: 1 });
});

it("makes room where there is none", () => {
  expect(after(list(1, 2, 3, 4), 3, 1).ids).toBe("adbc");
  expect(after(list(0, 0, 0), 2, 1).ids).toBe("acb");
  expect(after(list(-1, 0), 1, 0)).toEqual({ ids: "ba", writes: 1 });
});
