/** The name of a record with its picture: the way to the record. */
import { memo } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { RecordLink } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";
import { Avatar } from "@/ui/avatar";

/** Collections whose records have a face; people round, the rest square. */
const FACES: Record<string, "round" | "square"> = {
  contacts: "round",
  users: "round",
  companies: "square",
  tenants: "square",
};

export const TitleCell = memo(function TitleCell({
  definition,
  doc,
  size = 20,
}: {
  definition: Definition;
  doc: Doc;
  size?: 20 | 32;
}) {
  const face = FACES[definition.slug];
  const name = titleOf(definition, doc);
  return (
    <RecordLink
      slug={definition.slug}
      id={doc.id}
      tabIndex={-1}
      className="flex min-w-0 items-center gap-2 font-medium text-fg underline-offset-2 hover:underline decoration-edge"
    >
      {face && <Avatar name={name} size={size} square={face === "square"} />}
      <span className="truncate">{name}</span>
    </RecordLink>
  );
});
