/** The columns of a list: what each shows, how wide it is, and whether a cell of it may be edited. */
import { t } from "@lingui/core/macro";
import { useMemo } from "react";
import { type Definition, type Doc, type Field, fieldAt, leafFields } from "@/engine/definitions";
import type { ListQuery } from "@/engine/documents";
import { fieldView } from "@/engine/fields/registry";
import { type FieldView, isEmpty } from "@/engine/fields/types";
import { useSession } from "@/engine/session";
import { populateOf, selectOf } from "@/engine/titles";
import type { Column, Total } from "@/engine/view-state";
import { label } from "@/lib/i18n";

export type Col = {
  path: string;
  field: Field;
  label: string;
  width: number;
  view: FieldView;
  /** The name a record is known by: always first, drawn with its picture, opens the record. */
  isTitle: boolean;
  total?: Total;
};

export const MIN_WIDTH = 72;
const TITLE_WIDTH = 264;
/** Names of people are short. */
const NAME_WIDTH = 216;
const PERSON_WIDTH = 150;
/** So are those of stages. */
const TAG_WIDTH = 132;

/** "Consent · Marketing" for `consent.marketing`. */
export function pathLabel(definition: Definition, path: string): string {
  const names = path.split(".");
  const labels = names.map((_, at) => fieldAt(definition, names.slice(0, at + 1).join("."))?.label);
  return labels
    .map((text) => (text ? label(text) : ""))
    .filter(Boolean)
    .join(" · ");
}

/** Everything a list can show, by label. */
export function allColumns(
  definition: Definition,
): { path: string; label: string; field: Field }[] {
  return leafFields(definition).map(({ path, field }) => ({
    path,
    field,
    label: pathLabel(definition, path),
  }));
}

function resolve(definition: Definition, column: Column): Col[] {
  const field = fieldAt(definition, column.path);
  if (!field) return [];
  const view = fieldView(field);
  const isTitle = column.path === definition.title;
  return [
    {
      path: column.path,
      field,
      label: pathLabel(definition, column.path),
      width: column.width ?? usualWidth(definition, field, view, isTitle),
      view,
      isTitle,
      ...(column.total ? { total: column.total } : {}),
    },
  ];
}

function usualWidth(
  definition: Definition,
  field: Field,
  view: FieldView,
  isTitle: boolean,
): number {
  if (isTitle) return hasNames(definition) ? NAME_WIDTH : TITLE_WIDTH;
  if (field.many) return view.width;
  if (field.relationTo === "users") return PERSON_WIDTH;
  return field.relationTo === "stages" ? TAG_WIDTH : view.width;
}

/** The title first, whatever the view says: rows are known by it and it stays in sight. */
export function resolveColumns(definition: Definition, columns: readonly Column[]): Col[] {
  const cols = columns.flatMap((column) => resolve(definition, column));
  const title =
    cols.find((col) => col.isTitle) ?? resolve(definition, { path: definition.title })[0];
  const others = cols.filter((col) => !col.isTitle);
  return title ? [title, ...others] : others;
}

export function useColumns(definition: Definition, columns: readonly Column[]): Col[] {
  return useMemo(() => resolveColumns(definition, columns), [definition, columns]);
}

/** People are called by two fields that make the one shown. */
export function hasNames(definition: Definition): boolean {
  const names = ["firstName", "lastName"];
  return names.every((name) => definition.fields.some((field) => field.name === name));
}

/** Why a cell cannot be edited; nothing when it can. */
export function whyNot(
  definition: Definition,
  col: Pick<Col, "field" | "isTitle">,
  doc: Doc | null,
): string | null {
  const { field } = col;
  if (!definition.permissions.update) return t`Your role lets you look, not change.`;
  if (col.isTitle && hasNames(definition)) {
    const first = definition.fields.find((each) => each.name === "firstName");
    return first?.writable ? null : t`Kept by the system.`;
  }
  if (field.derived && (!field.writable || (doc && !isEmpty(doc[field.derived.through])))) {
    const source = fieldAt(definition, field.derived.through);
    return t`Follows ${source ? label(source.label) : field.derived.through}.`;
  }
  if (field.createOnly) return t`Set once, when it was created.`;
  if (field.readOnly || !field.writable) return t`Kept by the system.`;
  return null;
}

/** Only what is shown, and what tells whether it may be edited. */
export function useShape(
  definition: Definition,
  cols: readonly Col[],
): Pick<ListQuery, "select" | "populate"> {
  const { schema } = useSession();
  return useMemo(() => {
    const through = cols.flatMap(({ field }) => field.derived?.through ?? []);
    const names = hasNames(definition) ? ["firstName", "lastName"] : [];
    // One order whatever the order of the columns: moving a column fetches nothing.
    const paths = [...new Set([...cols.map((col) => col.path), ...through, ...names])].sort();
    return {
      select: selectOf(paths),
      populate: populateOf(
        schema,
        [...cols.map((col) => col.field)].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ),
    };
  }, [definition, cols, schema]);
}

/** Whether a list can be sorted by a field. */
export function isSortable(field: Field): boolean {
  return !field.many && !["json", "array", "group", "address", "textarea"].includes(field.type);
}

export const isSummable = (field: Field) =>
  (field.type === "number" || field.type === "money") && !field.many;

export type SortKey = { path: string; down: boolean };

/** `-createdAt,name` as keys, and back. */
export function readSort(sort: string): SortKey[] {
  return sort
    .split(",")
    .filter(Boolean)
    .map((part) => ({ path: part.replace(/^-/, ""), down: part.startsWith("-") }));
}

export function writeSort(keys: readonly SortKey[]): string {
  return keys.map(({ path, down }) => `${down ? "-" : ""}${path}`).join(",");
}
