/** The name of a record with its picture: the way to the record. */
import { memo } from "react";
import type { Definition, Doc } from "@/engine/definitions";
import { useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";
import { Avatar } from "@/ui/avatar";

/** Collections whose records have a face; people round, the rest square. */
const FACES: Record<string, "round" | "square"> = {
  contacts: "round",
  users: "round",
  companies: "square",
  tenants: "square",
};

/** The picture alone, larger: on cards. */
export function TitleFace({ definition, doc }: { definition: Definition; doc: Doc }) {
  const face = FACES[definition.slug];
  if (!face) return null;
  return <Avatar name={titleOf(definition, doc)} size={32} square={face === "square"} />;
}

/**
 * A plain link: the grid hears the click and opens the record beside the list, the browser does what a
 * modified click asks. A link that listened for itself would cost every row a part of its time.
 */
export const TitleCell = memo(function TitleCell({
  definition,
  doc,
}: {
  definition: Definition;
  doc: Doc;
}) {
  const { path } = useSession();
  const face = FACES[definition.slug];
  const name = titleOf(definition, doc);
  return (
    <a
      href={path(`${definition.slug}/${doc.id}`)}
      data-record={doc.id}
      tabIndex={-1}
      draggable={false}
      className="flex min-w-0 items-center gap-2 font-medium text-fg underline-offset-2 hover:underline decoration-edge"
    >
      {face && <Avatar name={name} size={20} square={face === "square"} />}
      <span className="truncate">{name}</span>
    </a>
  );
});
