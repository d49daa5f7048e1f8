/** Every kind of field and how it is drawn, edited, copied and pasted. A kind without an entry does not compile. */
import type { Field, FieldKind } from "@/engine/definitions";
import { checkbox, select } from "@/engine/fields/choice";
import { address, array, group, json } from "@/engine/fields/nested";
import { money, number } from "@/engine/fields/number";
import { relationship } from "@/engine/fields/relation";
import { email, phone, text, textarea, url } from "@/engine/fields/text";
import { date, datetime } from "@/engine/fields/time";
import type { FieldView } from "@/engine/fields/types";

const VIEWS: Record<FieldKind, () => FieldView> = {
  text: () => text,
  textarea: () => textarea,
  email: () => email,
  phone: () => phone,
  url: () => url,
  number: () => number,
  money: () => money,
  date: () => date,
  datetime: () => datetime,
  checkbox: () => checkbox,
  select: () => select,
  relationship: () => relationship,
  json: () => json,
  group: () => group,
  array: () => array,
  address: () => address,
};

export function fieldView(field: Pick<Field, "type">): FieldView {
  return VIEWS[field.type]();
}
