/** Every field of a record is shown once, wherever a module wants it. */
import { describe, expect, it } from "vitest";
import type { Definition, Doc, Field } from "@/engine/definitions";
import { arrange, hasNames, isEditable, stateField } from "./arrange";

function field(name: string, more: Partial<Field> = {}): Field {
  return { name, type: "text", label: name, writable: true, operators: [], ...more };
}

const contacts: Definition = {
  slug: "contacts",
  labels: { singular: "Contact", plural: "Contacts" },
  tenancy: "tenant",
  fields: [
    field("name", { readOnly: true, writable: false }),
    field("firstName", { required: true }),
    field("email", { type: "email" }),
    field("secret", { writeOnly: true }),
    field("position", { type: "number" }),
    field("consent", {
      type: "group",
      fields: [field("marketing", { type: "checkbox" }), field("at", { type: "datetime" })],
    }),
    field("lifecycle", { type: "select" }),
  ],
  title: "name",
  defaultSort: "-createdAt",
  trash: true,
  permissions: { read: true, create: true, update: true, delete: true },
  system: ["id", "createdAt", "updatedAt"],
};
const doc: Doc = { id: "1", createdAt: "", updatedAt: "" };

describe("arrange", () => {
  const sections = arrange(contacts, [
    { title: "About", fields: ["email", "nothing", "email"] },
    { title: "Gone", fields: ["nothing"] },
    { title: "Consent", fields: ["consent"] },
  ]);
  it("follows the module, then the definition, and leaves out empty sections", () => {
    const seen = sections.map(({ kind, title, places }) => [
      kind,
      title,
      places.map((p) => p.path),
    ]);
    expect(seen).toEqual([
      ["named", "About", ["email"]],
      ["named", "Consent", ["consent.marketing", "consent.at"]],
      ["more", "", ["firstName", "lifecycle"]],
      ["system", "", ["createdAt", "updatedAt"]],
    ]);
  });
  it("names no field twice and none that is hidden", () => {
    const paths = arrange(contacts).flatMap((section) => section.places.map((place) => place.path));
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).not.toContain("secret");
    expect(paths).not.toContain("position");
    expect(paths).not.toContain("name");
  });
});

describe("isEditable", () => {
  it("needs the right, and a field that is not the server's", () => {
    const email = { path: "email", field: field("email") };
    expect(isEditable(contacts, doc, email)).toBe(true);
    const viewer = { ...contacts, permissions: { ...contacts.permissions, update: false } };
    expect(isEditable(viewer, doc, email)).toBe(false);
    expect(isEditable(contacts, doc, { path: "x", field: field("x", { createOnly: true }) })).toBe(
      false,
    );
  });
  it("lets go of a derived field once there is nothing it follows", () => {
    const company = field("company", { derived: { through: "contact", field: "company" } });
    const place = { path: "company", field: company };
    expect(isEditable(contacts, { ...doc, contact: "c" }, place)).toBe(false);
    expect(isEditable(contacts, { ...doc, contact: null }, place)).toBe(true);
  });
});

describe("the head of a record", () => {
  it("knows names made of two and the field that is a state", () => {
    expect(hasNames(contacts)).toBe(true);
    expect(stateField(contacts)?.name).toBe("lifecycle");
    expect(stateField(contacts, "email")?.name).toBe("lifecycle");
  });
});
