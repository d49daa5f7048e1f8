/** The audit's before and after, as what a person changed. */
import { describe, expect, it } from "vitest";
import type { Definition, Field } from "@/engine/definitions";
import { changesOf, namedIds, whatOf } from "./diff";

function field(name: string, label: string, more: Partial<Field> = {}): Field {
  return { name, label, type: "text", writable: true, operators: [], ...more };
}

const deals: Definition = {
  slug: "deals",
  labels: { singular: "Deal", plural: "Deals" },
  tenancy: "tenant",
  fields: [
    field("name", "Name"),
    field("stage", "Stage", { type: "relationship", relationTo: "stages" }),
    field("tags", "Tags", { type: "relationship", relationTo: "tags", many: true }),
    field("value", "Value", { type: "money" }),
    field("utm", "UTM", {
      type: "group",
      fields: [field("source", "Source"), field("term", "Term")],
    }),
  ],
  title: "name",
  defaultSort: "-createdAt",
  trash: true,
  permissions: { read: true, create: true, update: true, delete: true },
  system: ["id", "createdAt", "updatedAt"],
};

describe("changesOf", () => {
  it("says what changed by its label, and nothing of the server's own", () => {
    const found = changesOf(
      deals,
      { name: "A", updatedAt: "1", value: { amount: 1, currency: "EUR" } },
      { name: "B", updatedAt: "2", value: { currency: "EUR", amount: 1 } },
    );
    expect(found).toMatchObject([{ path: "name", labels: ["Name"], before: "A", after: "B" }]);
  });
  it("opens groups and keeps to the parts that differ", () => {
    const found = changesOf(
      deals,
      { utm: { source: "x", term: "t" } },
      { utm: { source: "y", term: "t" } },
    );
    expect(found).toMatchObject([{ path: "utm.source", labels: ["UTM", "Source"] }]);
  });
  it("takes empty for empty", () => {
    expect(
      changesOf(deals, null, { name: "A", tags: [], stage: null, utm: { source: null } }),
    ).toHaveLength(1);
    expect(changesOf(deals, { name: "" }, { name: null })).toEqual([]);
  });
  it("still shows fields that are no longer defined, and odd entries", () => {
    expect(changesOf(deals, { old: 1 }, { old: 2 })).toMatchObject([
      { path: "old", labels: ["old"] },
    ]);
    expect(changesOf(undefined, { a: 1 }, null)).toMatchObject([{ before: 1, after: null }]);
    expect(changesOf(deals, "text", 7)).toEqual([]);
  });
});

describe("whatOf", () => {
  it("tells the trash from a change", () => {
    expect(whatOf("update", { deletedAt: null }, { deletedAt: "x" })).toBe("trashed");
    expect(whatOf("update", { deletedAt: "x" }, { deletedAt: null })).toBe("restored");
    expect(whatOf("update", { name: "a" }, { name: "b" })).toBe("changed");
    expect(whatOf("create", null, { deletedAt: null })).toBe("created");
    expect(whatOf("delete", {}, null)).toBe("deleted");
  });
});

describe("namedIds", () => {
  it("collects every related id once, by collection", () => {
    const found = changesOf(
      deals,
      { stage: "s1", tags: ["t1", "t2"] },
      { stage: "s2", tags: ["t2", "t3"] },
    );
    const ids = namedIds(found);
    expect([...(ids.get("stages") ?? [])]).toEqual(["s1", "s2"]);
    expect([...(ids.get("tags") ?? [])]).toEqual(["t1", "t2", "t3"]);
  });
});
