/** The home page's figures: never one currency added to another, no bucket left out. */
import { describe, expect, it } from "vitest";
import { addMoney, filled, rateOf, stagesOf } from "@/app/home/figures";
import { addDays, addMonths, lastMonths, lastWeeks, partOfDay, weekOf } from "@/app/home/periods";
import type { Aggregate, AggregateGroup } from "@/engine/documents";

const eur = (amount: number) => ({ amount, currency: "EUR" });
const usd = (amount: number) => ({ amount, currency: "USD" });
const answer = (groups: AggregateGroup[]): Aggregate => ({
  groups,
  total: { count: 0 },
  hasMore: false,
});

const stage = (
  name: string,
  order: number,
  probability: number,
  count: number,
  value: unknown,
): AggregateGroup => ({
  key: { "stage.name": name, "stage.order": order, "stage.probability": probability },
  count,
  sum: { value: value as never },
});

it("adds amounts within a currency only, the largest first", () => {
  expect(addMoney([[eur(100), usd(5)], [eur(1)], [usd(200)]])).toEqual([usd(205), eur(101)]);
});

describe("stagesOf", () => {
  it("keeps the order of the pipeline and weighs each group by its own likelihood", () => {
    const stages = stagesOf([
      stage("Offer", 3, 50, 2, [eur(1001)]),
      stage("Inquiry", 1, 10, 1, [eur(100)]),
    ]);
    expect(stages.map((each) => each.name)).toEqual(["Inquiry", "Offer"]);
    expect(stages[1]?.weighted).toEqual([eur(501)]);
  });

  it("puts stages of one name together and shows the empty ones", () => {
    const stages = stagesOf(
      [stage("Offer", 3, 50, 2, [eur(100)]), stage("Offer", 2, 40, 1, [usd(100)])],
      [{ name: "Visit", order: 1, probability: 20 }],
    );
    expect(stages.map((each) => [each.name, each.count])).toEqual([
      ["Visit", 0],
      ["Offer", 3],
    ]);
    expect(stages[1]?.weighted).toEqual([eur(50), usd(40)]);
  });

  it("takes deals without a value", () => {
    expect(stagesOf([stage("Offer", 3, 50, 2, null)])[0]?.value).toEqual([]);
  });
});

it("has no win rate before anything was decided", () => {
  expect(rateOf(undefined).rate).toBeNull();
  const decided = answer([
    { key: { status: "won" }, count: 3 },
    { key: { status: "lost" }, count: 1 },
  ]);
  expect(rateOf(decided)).toEqual({ won: 3, lost: 1, rate: 0.75 });
});

it("fills the buckets in which nothing happened", () => {
  const data = answer([{ key: { "createdAt:week": "2026-11-09" }, count: 4 }]);
  const counts = filled(
    ["2026-11-02", "2026-11-09"],
    data,
    "createdAt:week",
    (group) => group?.count ?? 0,
  );
  expect(counts.map((each) => each.value)).toEqual([0, 4]);
});

describe("periods", () => {
  it("crosses months, years and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-01");
    expect(lastMonths("2026-02-10", 3)).toEqual(["2025-12-01", "2026-01-01", "2026-02-01"]);
  });

  it("begins weeks on Monday", () => {
    expect(weekOf("2026-11-22")).toBe("2026-11-16");
    expect(weekOf("2026-11-23")).toBe("2026-11-23");
    expect(lastWeeks("2026-11-22", 2)).toEqual(["2026-11-09", "2026-11-16"]);
  });

  it("greets by the hour", () => {
    expect([4, 5, 12, 18, 23].map(partOfDay)).toEqual([
      "evening",
      "morning",
      "afternoon",
      "evening",
      "evening",
    ]);
  });
});
