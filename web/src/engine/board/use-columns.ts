/** The columns of a board from a select's options or from the related documents, and its lanes. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type BoardColumn, NONE } from "@/engine/board/columns";
import { type Definition, type Doc, type Field, idOf } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { tagHue } from "@/engine/fields/relation";
import { type BoardView, viewOf } from "@/engine/modules";
import { useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";
import { label } from "@/lib/i18n";
import { hue } from "@/ui/tone";

/** More columns than anyone looks through. */
const MOST = 60;
/** Related documents that are told apart by an avatar have no hue of their own. */
const TAGGED = new Set(["stages", "tags"]);

export type Lane = { value: string; label: string };

export type Columns = {
  columns: BoardColumn[];
  lanes: Lane[];
  lane: string | null;
  /** Not every related document has a column. */
  cut: boolean;
  pending: boolean;
  error: unknown;
  retry: () => void;
};

/** What the module says of a board by this field; a board by another field is a plain one. */
export function boardViewOf(definition: Definition, field: Field): BoardView | undefined {
  const board = viewOf(definition.slug)?.board;
  return board?.by === field.name ? board : undefined;
}

export function useColumns(definition: Definition, field: Field, wished?: string | null): Columns {
  const { schema } = useSession();
  const related = field.type === "relationship" ? field.relationTo : undefined;
  const target = schema.collections.find((each) => each.slug === related);
  const spec = boardViewOf(definition, field)?.columns;
  const within = target?.fields.find((each) => each.name === spec?.within);
  const above = schema.collections.find((each) => each.slug === within?.relationTo);
  const docs = useQuery({
    ...listOptions(target?.slug ?? "", {
      sort: spec?.sort ?? target?.defaultSort,
      limit: MOST,
      depth: 0,
      ...(spec?.where ? { where: spec.where } : {}),
    }),
    enabled: target !== undefined,
  });
  const lanes = useQuery({
    ...listOptions(above?.slug ?? "", { sort: above?.defaultSort, limit: MOST, depth: 0 }),
    enabled: above !== undefined,
  });
  // Only what was answered counts: moving the focus must not draw every column again.
  const known = useMemo(() => {
    const all = lanes.data?.docs ?? [];
    const lane = all.find((each) => each.id === wished) ?? all.find(isDefault) ?? all[0];
    const shown = (docs.data?.docs ?? []).filter(
      (doc) => !within || (lane && idOf(doc[within.name]) === lane.id),
    );
    const columns: BoardColumn[] = related
      ? shown.map((doc) => ofDoc(doc, target))
      : (field.options ?? []).map(({ value, label: text }) => ({
          value,
          label: label(text),
          hue: hue(value),
        }));
    const none = { value: NONE, label: "", hue: null };
    return {
      columns: field.required ? columns : [...columns, none],
      lanes: all.map((each) => ({ value: each.id, label: titleOf(above, each) })),
      lane: lane?.id ?? null,
    };
  }, [field, related, target, above, within, wished, docs.data, lanes.data]);
  return {
    ...known,
    cut: docs.data?.hasNextPage ?? false,
    pending: (target !== undefined && docs.isPending) || (above !== undefined && lanes.isPending),
    error: docs.error ?? lanes.error,
    retry: () => void Promise.all([docs.refetch(), above && lanes.refetch()]),
  };
}

function isDefault(doc: Doc): boolean {
  return doc.isDefault === true;
}

function ofDoc(doc: Doc, target: Definition | undefined): BoardColumn {
  const slug = target?.slug ?? "";
  return {
    value: doc.id,
    label: titleOf(target, doc),
    hue: TAGGED.has(slug) ? tagHue(slug, doc) : null,
    doc,
  };
}
