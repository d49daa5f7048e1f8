/** What people typed as a site becomes a link only when it is one. */
import { describe, expect, it } from "vitest";
import { siteOf } from "./company-header";

describe("siteOf", () => {
  it("takes the site, else the domain", () => {
    expect(siteOf({ website: "https://www.acme.example/a", domain: "x.example" })).toEqual({
      href: "https://www.acme.example/a",
      text: "acme.example",
    });
    expect(siteOf({ website: "", domain: "acme.example" })?.href).toBe("https://acme.example/");
  });
  it("never links what is no web address", () => {
    for (const value of ["javascript:alert(1)", "data:text/html,x", "not a site", "", null, 7]) {
      expect(siteOf({ website: value, domain: null })).toBeNull();
    }
  });
});
