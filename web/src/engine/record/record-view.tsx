/** A record: the bar over it, who it is, what happened, what belongs to it, its fields. On a page or in a panel. */
import { useCallback, useMemo, useState } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { isEditable } from "@/engine/record/fields/arrange";
import { useSections } from "@/engine/record/fields/field-sections";
import { RecordBody } from "@/engine/record/record-body";
import { RecordSkeleton } from "@/engine/record/record-skeleton";
import { RecordCommands, RecordTop } from "@/engine/record/record-top";
import { useActions } from "@/engine/record/use-actions";
import { useRecord } from "@/engine/record/use-record";
import { useTrail } from "@/engine/record/use-trail";
import { useSession } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { label } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

export type RecordProps = {
  definition: Definition;
  id: string;
  variant: "page" | "panel";
  /** Address of the page below a panel. */
  here: string | null;
  /** Whether the keys are this record's. */
  listening: boolean;
  onOpen: (id: string) => void;
  /** Back to where one came from. */
  onLeave: (back: string | null) => void;
  onClose?: () => void;
};

export function RecordView(props: RecordProps) {
  const { definition, id, variant, here, listening, onOpen, onLeave, onClose } = props;
  const { path } = useSession();
  const query = useRecord(definition, id);
  const doc = query.data;
  const pending = query.isPlaceholderData;
  const way = useTrail(definition.slug, id, listAddress(here, path(definition.slug)), onOpen);
  const writes = useWrites(definition);
  const [edited, setEdited] = useState<{ id: string; path: string } | null>(null);
  const onEdit = useCallback(
    (next: string | null) => setEdited(next === null ? null : { id, path: next }),
    [id],
  );
  const found = useActions(definition, doc, writes, () => onLeave(way.back));
  // A copy that was read before stays while a refresh fails; what is gone is gone.
  const lost = query.error && (!doc || pending || isFinal(query.error)) ? query.error : null;
  const first = useFirstField(definition, lost ? undefined : doc);
  const edit = first && !pending ? () => onEdit(first) : undefined;
  const actions = lost ? undefined : found;
  const common = { definition, id, variant, way, actions, edit };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <RecordTop {...common} onClose={onClose} />
      {listening && <RecordCommands {...common} />}
      {(lost || !doc) && <h1 className="sr-only">{label(definition.labels.singular)}</h1>}
      {lost ? (
        <ErrorState error={lost} onRetry={() => void query.refetch()} />
      ) : doc ? (
        <RecordBody
          key={id}
          definition={definition}
          doc={doc}
          writes={writes}
          variant={variant}
          listening={listening}
          pending={pending}
          editing={edited?.id === id ? edited.path : null}
          onEdit={onEdit}
        />
      ) : (
        <RecordSkeleton wide={variant === "page"} />
      )}
    </div>
  );
}

/** Where editing begins: the first field the viewer may change. */
function useFirstField(definition: Definition, doc: Doc | undefined): string | undefined {
  const sections = useSections(definition);
  return useMemo(() => {
    if (!doc) return undefined;
    const places = sections.flatMap((section) => section.places);
    const found = places.find(
      (place) => isEditable(definition, doc, place) && place.field.type !== "checkbox",
    );
    return found?.path;
  }, [sections, definition, doc]);
}

function isFinal(error: Error): boolean {
  return ["missing", "forbidden"].includes(asProblem(error).kind);
}

/** Only a list is a place to go back to; a record beside another page goes to the plain list. */
function listAddress(here: string | null, list: string): string | null {
  if (!here) return null;
  const [pathname] = here.split("?");
  return pathname === list || pathname === `${list}/all` ? here : null;
}
