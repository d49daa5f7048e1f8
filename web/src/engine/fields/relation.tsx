/** Related documents: shown by name, found by typing, made on the fly. */
import { t } from "@lingui/core/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Definition, Doc, Field, Schema } from "@/engine/definitions";
import { idOf } from "@/engine/definitions";
import { oneOptions } from "@/engine/documents";
import { type DisplayProps, type FieldView, type InputProps, isEmpty } from "@/engine/fields/types";
import { canCreateByTitle, choices, createByTitle } from "@/engine/relations";
import { useSession } from "@/engine/session";
import { isDoc, titleOf } from "@/engine/titles";
import { label } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { Avatar } from "@/ui/avatar";
import { StatusTag } from "@/ui/badge";
import { Combobox } from "@/ui/combobox";
import { toast } from "@/ui/toast";
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

function useTarget(field: Field): Definition | undefined {
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

export function RelationInput({ field, value, onChange, invalid: _, onDone, ...rest }: InputProps) {
  const { schema } = useSession();
  const client = useQueryClient();
  const target = useTarget(field);
  const slug = field.relationTo ?? "";
  const load = async (words: string) => {
    const found = await choices(schema, slug, words);
    return found.map(({ value: id, label: name, detail }) => ({
      value: id,
      label: name,
      ...(detail ? { detail } : {}),
    }));
  };
  const chosen = Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
  const known = chosen.map((each) => ({
    value: idOf(each) ?? "",
    label: isDoc(each) ? titleOf(target, each) : "",
  }));
  const create = async (title: string) => {
    if (!target) return;
    try {
      const made = await createByTitle(client, target, title);
      const name = label(target.labels.singular);
      toast({ title: t`${name} “${title}” was created`, tone: "good" });
      onChange(field.many ? [...chosen, made] : made);
      onDone?.();
    } catch (thrown) {
      toast.error(t`Not created`, asProblem(thrown));
    }
  };
  const common = {
    ...rest,
    load,
    known,
    placeholder: rest.placeholder ?? t`Search…`,
    ...(target && canCreateByTitle(target) && slug !== "users" ? { onCreate: create } : {}),
  };
  if (field.many) {
    return (
      <Combobox {...common} multiple value={known.map((each) => each.value)} onChange={onChange} />
    );
  }
  return (
    <Combobox
      {...common}
      clearable={!field.required}
      value={known[0]?.value ?? null}
      onChange={(next) => {
        onChange(next);
        onDone?.();
      }}
    />
  );
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
