/** Brand colors against both sheets. */
import { describe, expect, it } from "vitest";
import { contrast, parseHex } from "@/app/shell/brand";
import { verdictsOf } from "./contrast";

describe("contrast", () => {
  it("is that of WCAG", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    expect(contrast([255, 255, 255], [255, 255, 255])).toBe(1);
    expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2);
    expect(contrast([255, 0, 0], [255, 255, 255])).toBeCloseTo(4, 1);
  });
});

describe("verdictsOf", () => {
  it("leaves a color that can be read as it is", () => {
    const verdict = verdictsOf("#1d4ed8");
    expect(verdict?.light.readable).toBe(true);
    expect(verdict?.light.accent).toBe("rgb(29 78 216)");
    expect(verdict?.light.text).toBe("rgb(255 255 255)");
  });
  it("darkens yellow on light, lightens navy on dark, until each can be read", () => {
    const yellow = verdictsOf("#fde047");
    expect(yellow?.light.readable).toBe(false);
    expect(yellow?.dark.readable).toBe(true);
    const navy = verdictsOf("#0b1f4d");
    expect(navy?.dark.readable).toBe(false);
    for (const each of [yellow?.light, navy?.dark]) {
      const [accent, page] = [each?.accent, each?.page].map(
        (text) => (text?.match(/\d+/g) ?? []).map(Number) as [number, number, number],
      );
      expect(accent && page && contrast(accent, page)).toBeGreaterThanOrEqual(4.5);
    }
  });
  it("says nothing of what is no color", () => {
    for (const bad of ["", "#12", "red", "1d4ed8", "#gggggg"]) expect(verdictsOf(bad)).toBeNull();
    expect(parseHex("#0E7490")).toEqual([14, 116, 144]);
  });
});
