/** Rolling figures up a tree. */
import { expect, it } from "vitest";
import type { Tenant } from "@/engine/session";
import { addUp, childrenOf, subtreeOf } from "./data";

const tenant = (id: string, parent: string | null) => ({ id, parent }) as Tenant;
const all = [
  tenant("p", null),
  tenant("a", "p"),
  tenant("b", "p"),
  tenant("a1", "a"),
  tenant("a2", "a"),
];

it("walks down the tree", () => {
  expect(subtreeOf("a", all)).toEqual(["a", "a1", "a2"]);
  expect(subtreeOf("p", all)).toHaveLength(5);
  expect(childrenOf("p", all).map((each) => each.id)).toEqual(["a", "b"]);
});

it("never adds different currencies", () => {
  const eur = (amount: number) => ({ amount, currency: "EUR" });
  const usd = (amount: number) => ({ amount, currency: "USD" });
  expect(addUp([[eur(5), usd(9)], [eur(6)], []])).toEqual([eur(11), usd(9)]);
  expect(addUp([])).toEqual([]);
});
