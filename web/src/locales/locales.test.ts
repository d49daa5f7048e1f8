/** Nothing is left in English for those who read Spanish. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { labels } from "@/locales/definitions.es";

test("every message has its Spanish", () => {
  const catalog = readFileSync(new URL("./es.po", import.meta.url), "utf8");
  const entries = catalog.split(/\n\n/).filter((entry) => /^msgid "(?!"\n?$)/m.test(entry));
  const missing = entries.filter((entry) => /\nmsgstr ""\s*$/.test(entry));
  expect(entries.length).toBeGreaterThan(300);
  expect(missing).toEqual([]);
});

test("every label of the definitions has its Spanish", () => {
  const text = readFileSync(new URL("../../../generated/openapi.json", import.meta.url), "utf8");
  const document = JSON.parse(text) as { components: { schemas: Record<string, Schema> } };
  const wanted = new Set<string>();
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    if (!/(Create|Update|Page)$/.test(name)) collect(schema, wanted);
  }
  expect([...wanted].filter((label) => !(label in labels)).sort()).toEqual([]);
});

type Schema = { title?: string; properties?: Record<string, Schema>; items?: Schema };

function collect(schema: Schema, into: Set<string>): void {
  for (const property of Object.values(schema.properties ?? {})) {
    if (property.title) into.add(property.title);
    collect(property, into);
    if (property.items) collect(property.items, into);
  }
}
