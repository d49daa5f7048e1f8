/** Operators as people say them; dates are before and after, numbers less and more. */
import { t } from "@lingui/core/macro";
import type { Field } from "@/engine/definitions";
import type { Ask } from "@/engine/list/filter-model";

export function askLabel(ask: Ask, field: Field): string {
  const dated = field.type === "date" || field.type === "datetime";
  const chosen = field.type === "select" || field.type === "relationship";
  switch (ask) {
    case "equals":
      return t`is`;
    case "not_equals":
      return t`is not`;
    case "in":
      return t`is any of`;
    case "not_in":
      return t`is none of`;
    case "all":
      return t`has all of`;
    case "like":
      return t`contains the words`;
    case "not_like":
      return t`does not contain the words`;
    case "contains":
      return chosen ? t`has` : t`contains`;
    case "greater_than":
      return dated ? t`is after` : t`is more than`;
    case "greater_than_equal":
      return dated ? t`is on or after` : t`is at least`;
    case "less_than":
      return dated ? t`is before` : t`is less than`;
    case "less_than_equal":
      return dated ? t`is on or before` : t`is at most`;
    case "between":
      return t`is between`;
    case "empty":
      return t`is empty`;
    case "filled":
      return t`is not empty`;
  }
}
