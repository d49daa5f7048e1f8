/** Filters as the app edits them, and the `where` that the API reads. */
import type { Operator } from "@/engine/definitions";
import type { QueryValue } from "@/lib/query-string";

export type Test = { path: string; operator: Operator; value: unknown };
/** Tests and groups joined by one word. */
export type Filter = { join: "and" | "or"; parts: (Test | Filter)[] };

export const EMPTY: Filter = { join: "and", parts: [] };

export function isTest(part: Test | Filter): part is Test {
  return "path" in part;
}

/** Whether a test says enough to be sent; half-written ones wait in the builder. */
export function isComplete(test: Test): boolean {
  if (test.operator === "exists") return typeof test.value === "boolean";
  if (Array.isArray(test.value)) return test.value.length > 0;
  return test.value !== undefined && test.value !== null && test.value !== "";
}

export function whereOf(filter: Filter): Record<string, QueryValue> | undefined {
  const parts = filter.parts
    .map((part) => {
      if (!isTest(part)) return whereOf(part);
      return isComplete(part)
        ? { [part.path]: { [part.operator]: part.value as QueryValue } }
        : undefined;
    })
    .filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return parts.length === 1 && parts[0] ? parts[0] : { [filter.join]: parts };
}

/** Both must hold. */
export function both(
  first: Record<string, QueryValue> | undefined,
  second: Record<string, QueryValue> | undefined,
): Record<string, QueryValue> | undefined {
  if (!first) return second;
  return second ? { and: [first, second] } : first;
}

export function countTests(filter: Filter): number {
  return filter.parts.reduce((sum, part) => sum + (isTest(part) ? 1 : countTests(part)), 0);
}
