/** Texts of the product and of people, taken apart and put together again. */
import { describe, expect, it } from "vitest";
import { noteOf, noteText, toldOf } from "./told";

describe("toldOf", () => {
  it("takes apart what the product wrote", () => {
    expect(toldOf("Stage: Qualified → Won", "stage_changed")).toEqual({
      form: "change",
      field: "Stage",
      from: "Qualified",
      to: "Won",
    });
    expect(toldOf("Deal created", "created")).toEqual({ form: "created", noun: "Deal" });
    expect(toldOf("Task done: Call: Ana → Ben", "task")).toEqual({
      form: "done",
      title: "Call: Ana → Ben",
    });
  });
  it("leaves what people wrote alone", () => {
    expect(toldOf("Stage: a → b", "note")).toEqual({ form: "text", text: "Stage: a → b" });
    expect(toldOf("odd", "stage_changed")).toEqual({ form: "text", text: "odd" });
  });
});

describe("notes", () => {
  it("come back as they were written", () => {
    const long = "word ".repeat(80).trim();
    for (const text of ["short", "two\nlines", long, `${long}\nmore`, "ends with…"]) {
      const { subject, body } = noteOf(text);
      expect(subject.length).toBeLessThanOrEqual(140);
      expect(noteText(subject, body)).toBe(text);
    }
  });
  it("keeps a body that does not repeat its subject", () => {
    expect(noteText("Demo", "It went well.")).toBe("Demo\nIt went well.");
  });
});
