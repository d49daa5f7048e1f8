/** Cards between the cached pages of columns. */
import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import {
  type CardQuery,
  cardsOf,
  cardsOptions,
  moveCached,
  withCard,
  without,
} from "@/engine/board/cards";
import type { Doc } from "@/engine/definitions";
import type { Page } from "@/engine/documents";

const doc = (id: string): Doc => ({ id, createdAt: "", updatedAt: "" });
const page = (number: number, total: number, ...ids: string[]): Page => ({
  docs: ids.map(doc),
  totalDocs: total,
  limit: 2,
  page: number,
  totalPages: 2,
  hasNextPage: false,
});
const pages = (...all: Page[]) => ({ pages: all, pageParams: all.map((each) => each.page) });
const ids = (data: Parameters<typeof cardsOf>[0]) =>
  cardsOf(data)
    .map(({ id }) => id)
    .join("");

describe("pages of a column", () => {
  const data = pages(page(1, 4, "a", "b"), page(2, 4, "c", "d"));
  it("puts a card anywhere, also on the border of pages and past the end", () => {
    for (const [index, order] of [
      [0, "xabcd"],
      [2, "abxcd"],
      [3, "abcxd"],
      [4, "abcdx"],
      [99, "abcdx"],
    ] as const) {
      expect(ids(withCard(data, doc("x"), index))).toBe(order);
    }
    expect(withCard(data, doc("x"), 0).pages.map((each) => each.totalDocs)).toEqual([5, 5]);
  });
  it("takes a card away, counts included", () => {
    expect(ids(without(data, "b"))).toBe("acd");
    expect(without(data, "b").pages[1]?.totalDocs).toBe(3);
    expect(without(data, "z")).toBe(data);
  });
  it("shows a card once that two pages have", () => {
    expect(ids(pages(page(1, 3, "a", "b"), page(2, 3, "b", "c")))).toBe("abc");
  });
});

describe("moveCached", () => {
  const query: CardQuery = {
    slug: "deals",
    by: "stage",
    where: undefined,
    q: undefined,
    sort: "position,id",
    select: undefined,
    populate: undefined,
  };
  const keyOf = (value: string) => cardsOptions(query, value).queryKey;
  const setUp = () => {
    const client = new QueryClient();
    client.setQueryData(keyOf("s1"), pages(page(1, 2, "a", "b")));
    client.setQueryData(keyOf("s2"), pages(page(1, 1, "c")));
    const shown = () => [
      ids(client.getQueryData(keyOf("s1"))),
      ids(client.getQueryData(keyOf("s2"))),
    ];
    return { client, shown };
  };
  it("moves from column to column, and back when the server refuses", () => {
    const { client, shown } = setUp();
    const back = moveCached(client, query, { doc: doc("a"), from: "s1", to: "s2", index: 1 });
    expect(shown()).toEqual(["b", "ca"]);
    back();
    expect(shown()).toEqual(["ab", "c"]);
  });
  it("moves within a column: the index counts the others", () => {
    const { client, shown } = setUp();
    moveCached(client, query, { doc: doc("a"), from: "s1", to: "s1", index: 1 });
    expect(shown()).toEqual(["ba", "c"]);
  });
  it("leaves a column alone that was never loaded", () => {
    const { client, shown } = setUp();
    moveCached(client, query, { doc: doc("a"), from: "s1", to: "s3", index: 0 });
    expect(shown()).toEqual(["b", "c"]);
    expect(client.getQueryData(keyOf("s3"))).toBeUndefined();
  });
});
