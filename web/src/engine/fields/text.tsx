/** Texts of all sorts: a line, many lines, email addresses, telephone numbers, addresses of pages. */
import { t } from "@lingui/core/macro";
import type { Field, FieldKind } from "@/engine/definitions";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { Input, Textarea } from "@/ui/field";

function words(value: unknown): string {
  if (isEmpty(value)) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function Plain({ value }: DisplayProps) {
  return <span className="truncate">{words(value)}</span>;
}

function Lines({ value }: DisplayProps) {
  return <span className="line-clamp-6 whitespace-pre-wrap break-words">{words(value)}</span>;
}

const LINK = "truncate hover:underline underline-offset-2 decoration-edge";

/** What a click on a value of the kind does. */
const HREFS: Partial<Record<FieldKind, (text: string) => string>> = {
  email: (text) => `mailto:${encodeURI(text)}`,
  phone: (text) => `tel:${text.replace(/[^+\d]/g, "")}`,
  url: webAddress,
};

function Linked({ field, value }: DisplayProps) {
  const href = HREFS[field.type];
  if (isEmpty(value) || Array.isArray(value) || !href) return <Plain field={field} value={value} />;
  const text = String(value);
  const outside = field.type === "url" ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return (
    <a
      href={href(text)}
      className={LINK}
      {...outside}
      tabIndex={-1}
      onClick={(event) => event.stopPropagation()}
    >
      {text.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "")}
    </a>
  );
}

/** Only addresses of the web become links: `javascript:` is text like any other. */
function webAddress(text: string): string {
  return /^https?:\/\//i.test(text)
    ? text
    : `https://${text.replace(/^[a-z][a-z0-9+.-]*:(?!\d)/i, "")}`;
}

const TYPES: Partial<Record<FieldKind, "email" | "tel">> = { email: "email", phone: "tel" };
const MODES: Partial<Record<FieldKind, "email" | "tel" | "url">> = {
  email: "email",
  phone: "tel",
  url: "url",
};

function LineInput({ field, value, onChange, invalid, onDone: _, ...rest }: InputProps) {
  const many = field.many === true;
  const mode = MODES[field.type];
  return (
    <Input
      {...rest}
      type={many ? "text" : (TYPES[field.type] ?? "text")}
      {...(mode ? { inputMode: mode } : {})}
      autoComplete="off"
      {...(field.max ? { maxLength: field.max } : {})}
      aria-invalid={invalid}
      value={words(value)}
      onChange={(event) => onChange(many ? split(event.target.value) : event.target.value)}
    />
  );
}

function split(text: string): string[] {
  return text.split(",").map((part) => part.trimStart());
}

function LinesInput({ field, value, onChange, invalid, dense, onDone, ...rest }: InputProps) {
  return (
    <Textarea
      {...rest}
      autoGrow
      rows={dense ? 2 : 4}
      {...(field.max ? { maxLength: field.max } : {})}
      aria-invalid={invalid}
      value={words(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function parse(text: string, field: Field): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (field.many) return split(trimmed).filter(Boolean);
  if (field.max && trimmed.length > field.max) throw new Error(t`At most ${field.max} characters.`);
  return trimmed;
}

function parseEmail(text: string, field: Field): unknown {
  const value = parse(text, field);
  if (typeof value === "string" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    throw new Error(t`“${value}” is no email address.`);
  }
  return value;
}

const common = { text: words, parse } satisfies Partial<FieldView>;

export const text: FieldView = { ...common, width: 180, Display: Plain, Input: LineInput };
export const textarea: FieldView = {
  ...common,
  width: 260,
  overlay: true,
  Display: Lines,
  Input: LinesInput,
};
export const email: FieldView = {
  ...common,
  parse: parseEmail,
  width: 240,
  Display: Linked,
  Input: LineInput,
};
export const phone: FieldView = { ...common, width: 150, Display: Linked, Input: LineInput };
export const url: FieldView = { ...common, width: 200, Display: Linked, Input: LineInput };
