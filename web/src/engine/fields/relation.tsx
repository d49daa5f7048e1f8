/** Related documents: shown by name, found by typing, made on the fly. */
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import { idOf } from "@/engine/definitions";
import { oneOptions } from "@/engine/documents";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { Waiting } from "@/engine/fields/waiting";
import { choices } from "@/engine/relations";
import { useSession } from "@/engine/session";
import { isDoc, titleOf } from "@/engine/titles";
import { Avatar } from "@/ui/avatar";
import { StatusTag } from "@/ui/badge";
import { deferred, useDeferred } from "@/ui/deferred";
import { hue } from "@/ui/tone";

/** Collections of people have round avatars, others square ones; these have none. */
const PEOPLE = new Set(["users", "contacts"]);
const PLAIN = new Set(["pipelines", "services", "tenants", "deals", "tasks", "appointments"]);
/** Drawn as a tag: the hue comes from what the document says of itself. */
const TAGS = new Set(["stages", "tags"]);

export function tagHue(slug: string, doc: Record<string, unknown>): number {
  if (slug === "stages" && (doc.kind === "won" || doc.kind === "lost"))
    return hue(String(doc.kind));
  return hue(String(doc.name ?? doc.id));
}

function One({
  slug,
  target,
  value,
}: {
  slug: string;
  target: Definition | undefined;
  value: unknown;
}) {
  if (!isDoc(value)) return <Fetched slug={slug} target={target} id={String(value)} />;
  const name = titleOf(target, value);
  if (TAGS.has(slug)) return <StatusTag label={name} hue={tagHue(slug, value)} />;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {!PLAIN.has(slug) && <Avatar name={name} size={20} square={!PEOPLE.has(slug)} />}
      <span className="truncate">{name}</span>
    </span>
  );
}

/** An id alone: its title is looked up. Lists ask for titles with the page instead. */
function Fetched({
  slug,
  target,
  id,
}: {
  slug: string;
  target: Definition | undefined;
  id: string;
}) {
  const { data } = useQuery({ ...oneOptions(slug, id, 0), retry: false });
  return data ? (
    <One slug={slug} target={target} value={data} />
  ) : (
    <span className="text-faint">…</span>
  );
}

export function useTarget(field: Pick<Field, "relationTo">): Definition | undefined {
  const { schema } = useSession();
  return schema.collections.find((definition) => definition.slug === field.relationTo);
}

function RelationDisplay({ field, value }: DisplayProps) {
  const target = useTarget(field);
  if (isEmpty(value)) return null;
  const values = Array.isArray(value) ? value : [value];
  return (
    <span className="flex min-w-0 items-center gap-1.5 overflow-hidden">
      {values.map((each) => (
        <One key={idOf(each) ?? ""} slug={field.relationTo ?? ""} target={target} value={each} />
      ))}
    </span>
  );
}

const inputs = deferred(() => import("@/engine/fields/relation-input"));

function RelationInput(props: InputProps) {
  const module = useDeferred(inputs, true);
  return module ? <module.RelationInput {...props} /> : <Waiting />;
}

function text(value: unknown, field: Field): string {
  if (isEmpty(value)) return "";
  if (Array.isArray(value)) return value.map((each) => text(each, field)).join(", ");
  return isDoc(value) ? titleOf(undefined, value) : String(value);
}

/** By title, whole and in any case; several of one title are refused rather than guessed. */
async function parse(pasted: string, field: Field, schema: Schema): Promise<unknown> {
  const words = pasted.trim();
  if (words === "") return field.many ? [] : null;
  const find = async (title: string): Promise<Doc> => {
    const found = await choices(schema, field.relationTo ?? "", title);
    const exact = found.filter((each) => each.label.toLowerCase() === title.toLowerCase());
    if (exact.length === 1 && exact[0]) return exact[0].doc;
    throw new Error(
      exact.length === 0 ? t`“${title}” was not found.` : t`There are several “${title}”.`,
    );
  };
  if (!field.many) return find(words);
  return Promise.all(words.split(",").map((part) => find(part.trim())));
}

export const relationship: FieldView = {
  width: 180,
  overlay: true,
  Display: RelationDisplay,
  Input: RelationInput,
  text,
  parse,
};
