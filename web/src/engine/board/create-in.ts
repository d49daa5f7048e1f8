/** The create form, with the column already chosen. It is a chunk of its own. */
import { type BoardColumn, NONE } from "@/engine/board/columns";
import type { Definition, Field } from "@/engine/definitions";

export async function createIn(
  definition: Definition,
  field: Field,
  column: BoardColumn,
): Promise<void> {
  const { openCreate } = await import("@/engine/record/create-dialog");
  const value = column.doc ?? column.value;
  openCreate(definition.slug, column.value === NONE ? {} : { [field.name]: value });
}
