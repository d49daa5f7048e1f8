/** `?next=` comes from whoever wrote the link. */
import { describe, expect, it } from "vitest";
import { safeNext } from "./next-path";

describe("safeNext", () => {
  it("keeps pages of the app, with their query", () => {
    expect(safeNext("/w/harbor/contacts?sort=-name#x")).toBe("/w/harbor/contacts?sort=-name#x");
    expect(safeNext("/admin")).toBe("/admin");
  });
  it("refuses other sites however they are written", () => {
    const bad = [
      "https://evil.test",
      "//evil.test",
      "/\\evil.test",
      "\\/evil.test",
      "/\t/evil.test",
      "/\n/evil.test",
      "javascript:alert(1)",
      " /w/x",
      "/../..//evil.test",
      "evil",
      "",
      null,
    ];
    for (const each of bad) expect(safeNext(each), String(each)).toBe("/");
  });
  it("does not lead back to the door, nor to the API", () => {
    for (const each of [
      "/login?next=/w/x",
      "/welcome",
      "/reset-password",
      "/api/users/me",
      "/api",
    ]) {
      expect(safeNext(each), each).toBe("/");
    }
    expect(safeNext("/apiary")).toBe("/apiary");
  });
});
