/** Pasting is planned: where each cell goes, what it would change, what it may not. */
// @vitest-environment jsdom
import { beforeAll, describe, expect, it, vi } from "vitest";

vi.hoisted(() => {
  globalThis.matchMedia ??= (() => ({
    matches: false,
    addEventListener() {},
    removeEventListener() {},
  })) as never;
});

import { i18n } from "@lingui/core";
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import { resolveColumns } from "@/engine/list/columns";
import { byDoc, layOut, planPaste } from "@/engine/list/paste";

const field = (name: string, type: Field["type"], more: Partial<Field> = {}): Field => ({
  name,
  type,
  label: name,
  writable: true,
  operators: [],
  ...more,
});

const definition: Definition = {
  slug: "things",
  labels: { singular: "Thing", plural: "Things" },
  tenancy: "tenant",
  title: "name",
  defaultSort: "name",
  trash: true,
  permissions: { read: true, create: true, update: true, delete: true },
  system: ["createdAt"],
  fields: [
    field("name", "text", { required: true }),
    field("stage", "select", {
      options: [
        { value: "lead", label: "Lead" },
        { value: "won", label: "Won" },
      ],
    }),
    field("size", "number"),
    field("code", "text", { readOnly: true, writable: false }),
    field("consent", "group", { fields: [field("by", "text"), field("place", "text")] }),
  ],
};
const schema: Schema = { role: "member", collections: [definition] };
const cols = resolveColumns(
  definition,
  ["name", "stage", "size", "code", "consent.by", "consent.place"].map((path) => ({ path })),
);
const doc = (id: string, more: Record<string, unknown> = {}): Doc => ({
  id,
  createdAt: "",
  updatedAt: "",
  name: id,
  stage: "lead",
  size: 1,
  code: "x",
  consent: { by: null, place: null },
  ...more,
});
const docs = [doc("a"), doc("b"), doc("c")];
const at = (row: number, col: number) => ({ top: row, bottom: row, left: col, right: col });
const plan = (cells: string[][], box: Parameters<typeof layOut>[1], given = docs) =>
  planPaste({ definition, schema, cells, box, docs: given, cols });

beforeAll(() => {
  i18n.load("en", {});
  i18n.activate("en");
});

describe("where cells go", () => {
  it("begins at the corner", () => {
    expect(
      layOut(
        [
          ["1", "2"],
          ["3", "4"],
        ],
        at(0, 0),
      ),
    ).toEqual({ rows: 2, cols: 2 });
  });
  it("fills a rectangle that it divides evenly", () => {
    const box = { top: 0, bottom: 3, left: 1, right: 2 };
    expect(layOut([["x"]], box)).toEqual({ rows: 4, cols: 2 });
    expect(
      layOut(
        [
          ["1", "2"],
          ["3", "4"],
        ],
        box,
      ),
    ).toEqual({ rows: 4, cols: 2 });
    expect(layOut([["1"], ["2"], ["3"]], box)).toEqual({ rows: 3, cols: 1 });
  });
});

describe("what cells change", () => {
  it("reads each by the kind of its field", async () => {
    const { changes, same } = await plan(
      [
        ["Won", "1,250"],
        ["lead", "7"],
      ],
      at(0, 1),
    );
    expect(changes.map(({ doc: { id }, patch }) => [id, patch])).toEqual([
      ["a", { stage: "won" }],
      ["a", { size: 1250 }],
      ["b", { size: 7 }],
    ]);
    expect(same).toBe(1);
  });

  it("says what is wrong and goes on with the rest", async () => {
    const { changes } = await plan([["", "nope", "many", "y"]], at(0, 0));
    expect(changes.every((change) => change.patch === null && change.problem)).toBe(true);
    expect(changes).toHaveLength(4);
  });

  it("counts what lies beyond the list", async () => {
    const found = await plan(
      [
        ["1", "2"],
        ["1", "2"],
        ["1", "2"],
        ["1", "2"],
      ],
      at(0, 5),
    );
    expect([found.lostRows, found.lostCols]).toEqual([1, 1]);
  });

  it("clears with an empty cell", async () => {
    const { changes } = await plan([[""]], { top: 0, bottom: 2, left: 2, right: 2 });
    expect(changes.map((change) => change.patch)).toEqual([
      { size: null },
      { size: null },
      { size: null },
    ]);
  });

  it("joins cells of one record, and parts of one group without losing either", async () => {
    const { changes } = await plan([["Ana", "Faro"]], at(0, 4));
    expect(byDoc(changes)).toEqual([
      {
        doc: docs[0],
        patch: { consent: { by: "Ana", place: "Faro" } },
        shown: { consent: { by: "Ana", place: "Faro" } },
      },
    ]);
  });
});
