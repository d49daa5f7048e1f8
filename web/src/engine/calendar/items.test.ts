/** Drawing a calendar: days, lines of a week, what overlaps. */
import { describe, expect, it } from "vitest";
import {
  type CalendarItem,
  isWholeDay,
  lastDay,
  linesOf,
  onDay,
  slotsOf,
  wallAt,
  wallBetween,
} from "@/engine/calendar/items";
import { addDays, addMonths, daysBetween, isDay, weekStart, weeksOf } from "@/lib/days";

const item = (key: string, start: string, end: string): CalendarItem =>
  ({ key, title: key, start, end, wholeDay: wallBetween(start, end) >= 1440 }) as CalendarItem;

describe("days", () => {
  it("count over months, years and clock changes", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2027-03-28", 1)).toBe("2027-03-29");
    expect(daysBetween("2027-03-27", "2027-03-29")).toBe(2);
    expect(addMonths("2027-01-31", 1)).toBe("2027-02-28");
    expect(addMonths("2026-11-21", -1)).toBe("2026-10-21");
  });
  it("make weeks that begin where the viewer's do", () => {
    expect(weekStart("2026-11-21", 1)).toBe("2026-11-16");
    expect(weekStart("2026-11-21", 7)).toBe("2026-11-15");
    expect(weekStart("2026-11-15", 7)).toBe("2026-11-15");
    const weeks = weeksOf("2026-11-21", 1);
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toBe("2026-10-26");
    expect(weeks.at(-1)?.at(-1)).toBe("2026-12-06");
    expect(weeksOf("2027-02-10", 1)).toHaveLength(4);
  });
  it("are told from other text", () => {
    expect(isDay("2026-11-21")).toBe(true);
    expect(isDay("2026-13-41")).toBe(false);
    expect(isDay(null)).toBe(false);
  });
});

describe("wall-clock time", () => {
  it("goes over midnight both ways", () => {
    expect(wallAt("2026-11-21", 25 * 60)).toBe("2026-11-22T01:00");
    expect(wallAt("2026-11-21", -30)).toBe("2026-11-20T23:30");
    expect(wallBetween("2026-11-21T23:30", "2026-11-22T00:15")).toBe(45);
  });
  it("knows which days something touches", () => {
    expect(lastDay(item("a", "2026-11-21T22:00", "2026-11-22T00:00"))).toBe("2026-11-21");
    expect(lastDay(item("a", "2026-11-21T22:00", "2026-11-22T00:30"))).toBe("2026-11-22");
    expect(isWholeDay("2026-11-21T23:59", "2026-11-22T00:29", false)).toBe(true);
    expect(isWholeDay("2026-11-21T09:00", "2026-11-21T10:00", true)).toBe(false);
  });
});

describe("linesOf", () => {
  const week = weeksOf("2026-11-21", 1)[4] ?? [];
  it("keeps what lasts several days on one line", () => {
    const trip = item("trip", "2026-11-24T09:00", "2026-11-26T18:00");
    const early = item("early", "2026-11-24T08:00", "2026-11-24T08:30");
    const late = item("late", "2026-11-25T20:00", "2026-11-25T21:00");
    const lines = linesOf(week, [early, late, trip]);
    const keys = (day: string) => lines.get(day)?.map((each) => each?.key ?? null);
    expect(keys("2026-11-24")).toEqual(["trip", "early"]);
    expect(keys("2026-11-25")).toEqual(["trip", "late"]);
    expect(keys("2026-11-26")).toEqual(["trip"]);
    expect(keys("2026-11-27")).toEqual([]);
  });
  it("leaves out what is in no day of the week", () => {
    const lines = linesOf(week, [item("x", "2026-11-02T09:00", "2026-11-02T10:00")]);
    expect([...lines.values()].flat()).toEqual([]);
  });
});

describe("slotsOf", () => {
  const on = (from: string, to: string, key = from) =>
    item(key, `2026-11-24T${from}`, `2026-11-24T${to}`);
  it("puts side by side what overlaps, and only that", () => {
    const slots = slotsOf([
      on("09:00", "10:00"),
      on("09:30", "11:00"),
      on("10:00", "10:30"),
      on("12:00", "13:00"),
    ]);
    expect(slots.map(({ item: { key }, lane, lanes }) => [key, lane, lanes])).toEqual([
      ["09:00", 0, 2],
      ["09:30", 1, 2],
      ["10:00", 0, 2],
      ["12:00", 0, 1],
    ]);
  });
  it("has room for what lasts no time", () => {
    expect(slotsOf([on("09:00", "09:00", "a"), on("09:00", "09:00", "b")])[1]?.lanes).toBe(2);
  });
  it("orders a day", () => {
    expect(
      onDay([on("12:00", "13:00"), on("09:00", "10:00")], "2026-11-24").map((i) => i.key),
    ).toEqual(["09:00", "12:00"]);
  });
});
