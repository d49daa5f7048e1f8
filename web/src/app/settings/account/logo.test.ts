/** Sizes of logos. */
import { expect, it } from "vitest";
import { bytesOf, fitted } from "./logo";

it("keeps the shape and never enlarges", () => {
  expect(fitted(1024, 512)).toEqual([256, 128]);
  expect(fitted(300, 3000)).toEqual([26, 256]);
  expect(fitted(40, 20)).toEqual([40, 20]);
  expect(fitted(10_000, 1)).toEqual([256, 1]);
});

it("counts decoded bytes", () => {
  expect(bytesOf("data:image/png;base64,AAAA")).toBe(3);
  expect(bytesOf("data:image/png;base64,AAA=")).toBe(2);
  expect(bytesOf("data:image/png;base64,AA==")).toBe(1);
  expect(bytesOf("data:,")).toBe(0);
});
