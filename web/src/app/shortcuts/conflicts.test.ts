/** Keys that stand in each other's way are found before they are pressed. */
import { describe, expect, it } from "vitest";
import { type Bound, bind, clash, conflictsOf, refusalOf } from "@/app/shortcuts/conflicts";

const command = (id: string, keys?: string): Bound => ({ id, title: id, group: "Go to", keys });

describe("clash", () => {
  it("is the same keys, or one the beginning of the other", () => {
    expect(clash("g c", "g c")).toBe(true);
    expect(clash("g", "g c")).toBe(true);
    expect(clash("g c", "g")).toBe(true);
    expect(clash("g c", "g d")).toBe(false);
    expect(clash("mod+k", "k")).toBe(false);
  });
});

describe("conflictsOf", () => {
  const all = [command("go.contacts", "g c"), command("create", "c"), command("none")];

  it("names the others, never itself", () => {
    expect(conflictsOf("new", "g", all).map((each) => each.id)).toEqual(["go.contacts"]);
    expect(conflictsOf("create", "c", all)).toEqual([]);
  });

  it("finds none for no key", () => {
    expect(conflictsOf("new", "", all)).toEqual([]);
  });
});

describe("bind", () => {
  it("keeps only what differs from the standard", () => {
    const changed = bind({}, command("create", "c"), "n");
    expect(changed).toEqual({ create: "n" });
    expect(bind(changed, command("create", "c"), "c")).toEqual({});
  });

  it("can take the key away", () => {
    expect(bind({}, command("create", "c"), "")).toEqual({ create: "" });
    expect(bind({ other: "x" }, command("none"), "")).toEqual({ other: "x" });
  });
});

describe("refusalOf", () => {
  it("leaves the browser and the focus their keys", () => {
    expect(refusalOf("mod+w")).toBe("browser");
    expect(refusalOf("tab")).toBe("focus");
    expect(refusalOf("g enter")).toBe("focus");
    expect(refusalOf("mod+enter")).toBeNull();
  });
});
