/** Faults that need no server, and what is sent to it. */
import { i18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import type { Field } from "@/engine/definitions";
import { faultOf } from "./check";
import { bodyOf } from "./pending";

i18n.loadAndActivate({ locale: "en", messages: {} });

function field(more: Partial<Field>): Field {
  return { name: "x", type: "text", label: "X", writable: true, operators: [], ...more };
}

describe("faultOf", () => {
  it("asks for what is required", () => {
    for (const value of [null, undefined, "", "  ", []]) {
      expect(faultOf(field({ required: true }), value)).toBeTruthy();
      expect(faultOf(field({}), value)).toBeUndefined();
    }
    expect(faultOf(field({ required: true, relationTo: "y" }), { create: "Acme" })).toBeUndefined();
    expect(faultOf(field({ required: true, type: "checkbox" }), false)).toBeUndefined();
  });
  it("knows kinds and limits", () => {
    expect(faultOf(field({ type: "email" }), "ana@")).toBeTruthy();
    expect(faultOf(field({ type: "email" }), " ana@x.example ")).toBeUndefined();
    expect(faultOf(field({ max: 3 }), "abcd")).toBeTruthy();
    expect(faultOf(field({ type: "number", min: 0 }), -1)).toBeTruthy();
    expect(faultOf(field({ type: "number", integer: true }), 1.5)).toBeTruthy();
    expect(faultOf(field({ type: "number", max: 10 }), 10)).toBeUndefined();
  });
});

describe("bodyOf", () => {
  it("sends ids for documents and nothing for what is empty", () => {
    const fields = [
      { name: "name" },
      { name: "company", relationTo: "companies" },
      { name: "tags", relationTo: "tags" },
      { name: "value" },
      { name: "email" },
    ];
    const values = {
      name: " Ana ",
      company: { id: "c", name: "Acme" },
      tags: [{ id: "t1" }, "t2"],
      value: { amount: 1, currency: "EUR" },
      email: " ",
      other: 1,
    };
    expect(bodyOf(values, fields)).toEqual({
      name: "Ana",
      company: "c",
      tags: ["t1", "t2"],
      value: { amount: 1, currency: "EUR" },
    });
  });
});
