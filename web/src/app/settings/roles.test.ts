/** Who may give what. */
import { expect, it } from "vitest";
import { isStronger, rolesUpTo } from "./roles";

it("gives at most what one has", () => {
  expect(rolesUpTo("admin")).toEqual(["viewer", "member", "admin"]);
  expect(rolesUpTo("viewer")).toEqual(["viewer"]);
  expect(isStronger("owner", "admin")).toBe(true);
  expect(isStronger("admin", "admin")).toBe(false);
});
