// @vitest-environment jsdom
/** A stale tab reloads once for a build, never in a loop. */
import { expect, it } from "vitest";
import { isChunkFailure, mayReload } from "@/app/resilience/stale";

it("reloads once for a build", () => {
  expect(mayReload(null, "b2", 0)).toBe(true);
  expect(mayReload("b2@0", "b2", 999_999)).toBe(false);
  expect(mayReload("b2@0", "b3", 1)).toBe(true);
});

it("tries again for a chunk only after a while", () => {
  expect(mayReload("broken@0", "broken", 5_000)).toBe(false);
  expect(mayReload("broken@0", "broken", 120_000)).toBe(true);
});

it("knows a chunk that is gone from any other failure", () => {
  expect(
    isChunkFailure(new TypeError("Failed to fetch dynamically imported module: /assets/x.js")),
  ).toBe(true);
  expect(isChunkFailure(new TypeError("Importing a module script failed."))).toBe(true);
  expect(isChunkFailure(new TypeError("Failed to fetch"))).toBe(false);
  expect(isChunkFailure("no")).toBe(false);
});
