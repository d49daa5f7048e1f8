/** Planning a day, in the viewer's zone. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Doc } from "@/engine/definitions";
import { localOf, setViewerZone } from "@/lib/format";
import { dayEnd } from "@/modules/crm/tasks/natural";
import { byContact, byTime, NOBODY, snoozed, whenOf } from "@/modules/crm/tasks/sections";

/** Wednesday, 12:00 in New York. */
const NOW = new Date("2026-11-18T17:00:00Z");
beforeAll(() => setViewerZone("America/New_York"));
afterAll(() => setViewerZone(null));

const task = (id: string, dueAt: string | null, contact: unknown = null): Doc => ({
  id,
  dueAt,
  contact,
  createdAt: "",
  updatedAt: "",
});

describe("whenOf", () => {
  it.each([
    [null, "none"],
    ["2026-11-18T16:59:00Z", "overdue"],
    ["2026-11-18T17:01:00Z", "today"],
    // 23:30 there, already the next day in UTC.
    ["2026-11-19T04:30:00Z", "today"],
    ["2026-11-19T05:00:00Z", "tomorrow"],
    ["2026-11-22T15:00:00Z", "week"],
    ["2026-11-23T15:00:00Z", "later"],
  ])("%s is %s", (due, expected) => {
    expect(whenOf(due, NOW, 1)).toBe(expected);
  });
  it("ends the week where the viewer's ends", () => {
    expect(whenOf("2026-11-22T15:00:00Z", NOW, 7)).toBe("later");
  });
});

describe("sections", () => {
  it("come in the order of time, without empty ones", () => {
    const tasks = [
      task("a", "2026-11-17T10:00:00Z"),
      task("b", "2026-11-18T20:00:00Z"),
      task("c", null),
    ];
    expect(byTime(tasks, NOW, 1).map((s) => [s.key, s.tasks.length])).toEqual([
      ["overdue", 1],
      ["today", 1],
      ["none", 1],
    ]);
  });
  it("go by contact, nobody last", () => {
    const ana = { id: "ana", name: "Ana", createdAt: "", updatedAt: "" };
    const tasks = [task("a", null), task("b", null, ana), task("c", null, ana)];
    expect(byContact(tasks).map((s) => [s.key, s.tasks.length])).toEqual([
      ["ana", 2],
      [NOBODY, 1],
    ]);
  });
});

describe("snoozed", () => {
  const local = (instant: string | null) => instant && localOf(instant);
  it("keeps the hour, and whole days whole", () => {
    expect(local(snoozed("2026-11-17T19:30:00Z", "tomorrow", NOW))).toBe("2026-11-19T14:30");
    expect(local(snoozed(dayEnd("2026-11-17"), "tomorrow", NOW))).toBe("2026-11-19T23:59");
    expect(local(snoozed(null, "week", NOW))).toBe("2026-11-23T23:59");
  });
  it("finds a later hour today, as long as there is one", () => {
    expect(local(snoozed(null, "later", NOW))).toBe("2026-11-18T15:00");
    expect(snoozed(null, "later", new Date("2026-11-19T02:00:00Z"))).toBeNull();
  });
  it("keeps the hour over a clock change", () => {
    const eve = new Date("2027-03-13T20:00:00Z");
    expect(snoozed("2027-03-13T14:00:00Z", "tomorrow", eve)).toBe("2027-03-14T13:00:00.000Z");
  });
});
