/** A related document that is to be made together with the one being written. */
import { idOf } from "@/engine/definitions";

export type Pending = { create: string };

export function isPending(value: unknown): value is Pending {
  return (
    typeof value === "object" &&
    value !== null &&
    "create" in value &&
    typeof value.create === "string" &&
    !("id" in value)
  );
}

/** Values as the API takes them: relations by id, texts trimmed, nothing that is empty. */
export function bodyOf(
  values: Record<string, unknown>,
  fields: readonly { name: string; relationTo?: string }[],
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name, relationTo } of fields) {
    const value = tidy(values[name], relationTo !== undefined);
    if (value !== null) out[name] = value;
  }
  return out;
}

/** A value as it is sent: "" and what is left empty are no value. */
export function tidy(value: unknown, isRelation = false): unknown {
  if (typeof value === "string") return value.trim() || null;
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    const list = value.map((each) => tidy(each, isRelation)).filter((each) => each !== null);
    return list.length > 0 ? list : null;
  }
  return isRelation ? idOf(value) : value;
}
