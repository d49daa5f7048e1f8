/** Previous and next follow the list one came from, over the edges of its pages. */
import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { keys } from "@/engine/documents";
import { findTrail, hasNeighbor, neighbor, type Trail } from "./trail";

const doc = (id: string) => ({ id, createdAt: "", updatedAt: "" });
const page = (ids: string[], number = 1) => ({
  docs: ids.map(doc),
  totalDocs: 9,
  limit: 3,
  page: number,
  totalPages: 3,
  hasNextPage: true,
});

describe("findTrail", () => {
  it("takes the latest list that shows the record, with the page it is on", () => {
    const client = new QueryClient();
    client.setQueryData(keys.list("deals", { sort: "name" }), page(["a", "b"]), { updatedAt: 1 });
    client.setQueryData(
      [...keys.collection("deals"), "board", "stage", "s", { sort: "position" }],
      { pages: [page(["x"]), page(["b", "c"], 2)], pageParams: [1, 2] },
      { updatedAt: 2 },
    );
    client.setQueryData(keys.one("deals", "b"), doc("b"));
    expect(findTrail(client, "deals", "b")).toMatchObject({
      query: { sort: "position" },
      page: 2,
      ids: ["b", "c"],
    });
    expect(findTrail(client, "deals", "a")).toMatchObject({ query: { sort: "name" } });
    expect(findTrail(client, "deals", "z")).toBeNull();
  });
});

describe("neighbor", () => {
  const trail: Trail = {
    back: null,
    query: { sort: "name" },
    limit: 3,
    page: 1,
    ids: ["a", "b", "c"],
  };
  it("needs no request within a page, and none before the first", async () => {
    const client = new QueryClient();
    expect((await neighbor(client, "deals", trail, "a", 1))?.id).toBe("b");
    expect(await neighbor(client, "deals", trail, "a", -1)).toBeNull();
  });
  it("knows where there may be more", () => {
    expect(hasNeighbor(trail, "a", -1)).toBe(false);
    expect(hasNeighbor(trail, "c", 1)).toBe(true);
    expect(hasNeighbor({ ...trail, ids: ["a"] }, "a", 1)).toBe(false);
    expect(hasNeighbor({ ...trail, page: 2 }, "a", -1)).toBe(true);
    expect(hasNeighbor(trail, "other", 1)).toBe(false);
    expect(hasNeighbor(null, "a", 1)).toBe(false);
  });
  it("goes on to the next page, and says when there is none", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string) => {
      asked.push(url);
      const ids = url.includes("page=2") ? ["d", "e"] : [];
      return new Response(JSON.stringify(page(ids, 2)), { status: 200 });
    });
    const client = new QueryClient();
    const found = await neighbor(client, "deals", trail, "c", 1);
    expect(found).toMatchObject({ id: "d", trail: { page: 2, ids: ["d", "e"] } });
    expect(asked[0]).toMatch(/sort=name.*page=2/);
    const full: Trail = { ...trail, page: 2, ids: ["d", "e", "f"] };
    expect(await neighbor(client, "deals", full, "f", 1)).toBeNull();
    vi.unstubAllGlobals();
  });
});
