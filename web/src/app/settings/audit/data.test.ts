/** Filters of the audit log and the changes it shows. */
import { expect, it } from "vitest";
import { setViewerZone } from "@/lib/format";
import { changesOf, dayAfter, entriesOf, filterOf, whereOfAudit } from "./data";

it("takes whole days of the viewer", () => {
  setViewerZone("Europe/Madrid");
  const filter = filterOf(new URLSearchParams("verb=update&from=2026-10-25&to=2026-10-25"));
  // That Sunday has 25 hours: clocks went back.
  expect(JSON.stringify(whereOfAudit(filter))).toContain("2026-10-24T22:00:00.000Z");
  expect(JSON.stringify(whereOfAudit(filter))).toContain("2026-10-25T23:00:00.000Z");
  expect(dayAfter("2026-12-31")).toBe("2027-01-01");
});

it("asks for nothing when nothing is chosen, and ignores what is no day", () => {
  expect(whereOfAudit(filterOf(new URLSearchParams()))).toBeUndefined();
  expect(whereOfAudit(filterOf(new URLSearchParams("from=yesterday")))).toBeUndefined();
});

it("shows changed fields only, system keys aside", () => {
  const before = { name: "A", value: { amount: 1 }, updatedAt: "x", id: "1" };
  const after = { name: "B", value: { amount: 1 }, updatedAt: "y", id: "1" };
  expect(changesOf({ before, after }, undefined)).toEqual([
    { name: "name", before: "A", after: "B" },
  ]);
  expect(
    changesOf(
      { before: null, after: { name: "B", note: null, tags: [], utm: { x: null } } },
      undefined,
    ),
  ).toEqual([{ name: "name", before: null, after: "B" }]);
});

it("shows an entry once though pages overlap", () => {
  const page = (...ids: string[]) => ({ docs: ids.map((id) => ({ id })) }) as never;
  expect(entriesOf([page("a", "b"), page("b", "c")]).map((each) => each.id)).toEqual([
    "a",
    "b",
    "c",
  ]);
});
