/** Makes a document, and before it the related ones that were only named in its form. */
import type { QueryClient } from "@tanstack/react-query";
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import type { Values } from "@/engine/record/create/form-fields";
import { bodyOf, isPending } from "@/engine/record/create/pending";
import { createByTitle } from "@/engine/relations";
import { Writes } from "@/engine/writes";

export type Made = { field: Field; target: Definition; title: string; doc: Doc };

/**
 * Related documents first, one after the other. `onMade` is told of each as soon as it exists, so that
 * a second try after a failure links it instead of making it again.
 */
export async function makeDocument(
  client: QueryClient,
  schema: Schema,
  definition: Definition,
  fields: readonly Field[],
  values: Values,
  onMade: (made: Made, value: unknown) => void,
): Promise<Doc> {
  const ready: Values = { ...values };
  for (const field of fields) {
    const target = schema.collections.find((each) => each.slug === field.relationTo);
    if (!target) continue;
    ready[field.name] = await settle(client, field, target, ready[field.name], onMade);
  }
  return new Writes(client, definition).create(bodyOf(ready, fields));
}

async function settle(
  client: QueryClient,
  field: Field,
  target: Definition,
  value: unknown,
  onMade: (made: Made, value: unknown) => void,
): Promise<unknown> {
  const list = Array.isArray(value) ? [...value] : [value];
  const result = () => (Array.isArray(value) ? [...list] : list[0]);
  for (const [at, each] of list.entries()) {
    if (!isPending(each)) continue;
    const doc = await createByTitle(client, target, each.create);
    list[at] = { ...doc, [target.title]: doc[target.title] ?? each.create };
    onMade({ field, target, title: each.create, doc }, result());
  }
  return result();
}
