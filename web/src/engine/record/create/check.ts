/** What is wrong with a value before the server is asked, from the field's own definition. */
import { t } from "@lingui/core/macro";
import type { Field } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import { isPending } from "@/engine/record/create/pending";
import { label } from "@/lib/i18n";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

/** Undefined when nothing is. Whatever passes here the server checks again. */
export function faultOf(field: Field, value: unknown): string | undefined {
  if (isBlank(value)) {
    const name = label(field.label);
    return field.required ? t`${name} is required.` : undefined;
  }
  if (Array.isArray(value)) return undefined;
  if (typeof value === "string") return textFault(field, value.trim());
  if (typeof value === "number") return numberFault(field, value);
  return undefined;
}

function isBlank(value: unknown): boolean {
  if (isPending(value)) return false;
  return isEmpty(value) || (typeof value === "string" && value.trim() === "");
}

function textFault(field: Field, text: string): string | undefined {
  const { max } = field;
  if (field.type === "email" && !EMAIL.test(text)) return t`This is no email address.`;
  if (field.type === "phone" && text.replace(/\D/g, "").length < 3)
    return t`This is no telephone number.`;
  const isText = field.type === "text" || field.type === "textarea";
  if (isText && max !== undefined && text.length > max) return t`At most ${max} characters.`;
  return undefined;
}

function numberFault(field: Field, value: number): string | undefined {
  const { min, max } = field;
  if (field.integer && !Number.isInteger(value)) return t`A whole number, please.`;
  if (min !== undefined && value < min) return t`At least ${min}.`;
  if (max !== undefined && value > max) return t`At most ${max}.`;
  return undefined;
}
