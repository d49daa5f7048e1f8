/** The palette puts first what was meant. */
import { describe, expect, it } from "vitest";
import { fold, pieces, rank, STRONG, score } from "@/app/palette/rank";

const titles = (list: string[], query: string) =>
  rank(list, query, (title) => ({ title })).map((each) => each.item);

describe("score", () => {
  it("ignores case and accents, and keeps the length of the text", () => {
    expect(score("Configuración", "configuracion")).toBeGreaterThan(STRONG);
    expect(fold("Año İ ß")).toHaveLength("Año İ ß".length);
  });

  it("wants every word, in any order", () => {
    expect(score("New contact", "con new")).toBeGreaterThan(STRONG);
    expect(score("New contact", "new deal")).toBe(0);
  });

  it("finds by keywords, but weaker than by title", () => {
    const byKeyword = score("Theme: dark", "appearance", "appearance color");
    expect(byKeyword).toBeGreaterThan(0);
    expect(byKeyword).toBeLessThan(STRONG);
  });

  it("finds initials and the inside of words", () => {
    expect(score("New contact", "nc")).toBeGreaterThanOrEqual(STRONG);
    expect(score("Calendar", "lend")).toBeGreaterThan(0);
    expect(score("Calendar", "le")).toBe(0);
  });

  it("fits everything when nothing is typed", () => {
    expect(score("Anything", "  ")).toBeGreaterThan(0);
  });
});

describe("rank", () => {
  it("puts the start of a title before the start of a word before the inside of one", () => {
    expect(titles(["Recalled", "Go to calls", "Calls"], "call")).toEqual([
      "Calls",
      "Go to calls",
      "Recalled",
    ]);
  });

  it("puts the whole title first and the shorter before the longer", () => {
    expect(titles(["Tasks of today", "Tasks"], "tasks")).toEqual(["Tasks", "Tasks of today"]);
  });

  it("keeps the order of equals", () => {
    expect(titles(["Deal b", "Deal a"], "deal")).toEqual(["Deal b", "Deal a"]);
  });
});

describe("pieces", () => {
  it("marks where words begin with what was typed", () => {
    expect(pieces("Ána Ruiz", "ru ana")).toEqual([
      { text: "Ána", hit: true },
      { text: " ", hit: false },
      { text: "Ru", hit: true },
      { text: "iz", hit: false },
    ]);
  });

  it("leaves text that is not a word's beginning", () => {
    expect(pieces("Banana", "ana")).toEqual([{ text: "Banana", hit: false }]);
  });

  it("takes what looks like a pattern as text", () => {
    expect(pieces("<b>(x)</b>", "(x")).toEqual([
      { text: "<b>", hit: false },
      { text: "(x", hit: true },
      { text: ")</b>", hit: false },
    ]);
  });
});
