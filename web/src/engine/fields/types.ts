/** What each kind of field can do on screen. */
import type { ComponentType } from "react";
import type { Field, Schema } from "@/engine/definitions";

export type DisplayProps = { field: Field; value: unknown };

export type InputProps = {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  id?: string;
  autoFocus?: boolean;
  invalid?: boolean;
  /** 28 px high, for cells and toolbars. */
  dense?: boolean;
  disabled?: boolean;
  placeholder?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  /** Said when an editor that opens a list has chosen, so that a cell can be left. */
  onDone?: () => void;
};

export type FieldView = {
  /** Numbers stand at the end of their cell. */
  align?: "end";
  /** Width of a list's column, in pixels. */
  width: number;
  /** Whether the editor opens over the page instead of filling its cell. */
  overlay?: boolean;
  Display: ComponentType<DisplayProps>;
  Input: ComponentType<InputProps>;
  /** For the clipboard, announcements and titles. */
  text: (value: unknown, field: Field) => string;
  /** What was typed or pasted, as a value; throws an `Error` that says what is wrong with it. */
  parse: (text: string, field: Field, schema: Schema) => unknown | Promise<unknown>;
};

export function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}
