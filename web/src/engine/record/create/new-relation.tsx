/** A related document in a form: found by typing; what is not there yet is made when the form is saved. */
import { useLingui } from "@lingui/react/macro";
import { useQueries } from "@tanstack/react-query";
import { type Field, idOf } from "@/engine/definitions";
import { oneOptions } from "@/engine/documents";
import { isEmpty } from "@/engine/fields/types";
import { isPending } from "@/engine/record/create/pending";
import { canCreateByTitle, choices } from "@/engine/relations";
import { useSession } from "@/engine/session";
import { isDoc, titleOf } from "@/engine/titles";
import { label } from "@/lib/i18n";
import { Combobox } from "@/ui/combobox";

/** Stands for the document that is to be made. */
const NEW = "new:";

type Props = {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  id?: string;
  autoFocus?: boolean;
  "aria-describedby"?: string;
};

export function NewRelation({ field, value, onChange, ...rest }: Props) {
  const { t } = useLingui();
  const { schema } = useSession();
  const slug = field.relationTo ?? "";
  const target = schema.collections.find((each) => each.slug === slug);
  const chosen = (Array.isArray(value) ? value : [value]).filter((each) => !isEmpty(each));
  // Ids alone come from a board or a draft: their names are looked up.
  const bare = chosen.filter((each): each is string => typeof each === "string");
  const fetched = useQueries({
    queries: bare.map((id) => ({ ...oneOptions(slug, id, 0), retry: false })),
  });
  const nameOf = (each: unknown): string => {
    if (isPending(each)) return t`${each.create} (new)`;
    const doc = isDoc(each) ? each : fetched[bare.indexOf(String(each))]?.data;
    return doc ? titleOf(target, doc) : "…";
  };
  const known = chosen.map((each) => ({
    value: isPending(each) ? `${NEW}${each.create}` : (idOf(each) ?? ""),
    label: nameOf(each),
  }));
  const load = async (words: string) => {
    const found = await choices(schema, slug, words);
    return found.map(({ value: id, label: name, detail }) => ({
      value: id,
      label: name,
      ...(detail ? { detail } : {}),
    }));
  };
  const chosenBy = (id: string): unknown =>
    id.startsWith(NEW)
      ? { create: id.slice(NEW.length) }
      : (chosen.find((each) => idOf(each) === id) ?? id);
  const makes = target && slug !== "users" && canCreateByTitle(target);
  const singular = target ? label(target.labels.singular).toLowerCase() : "";
  const common = {
    ...rest,
    load,
    known,
    placeholder: makes ? t`Search or create a ${singular}…` : t`Search…`,
    ...(makes
      ? {
          onCreate: (text: string) =>
            onChange(field.many ? [...chosen, { create: text }] : { create: text }),
        }
      : {}),
  };
  if (field.many) {
    return (
      <Combobox
        {...common}
        multiple
        value={known.map((each) => each.value)}
        onChange={(ids) => onChange(ids.map(chosenBy))}
      />
    );
  }
  return (
    <Combobox
      {...common}
      clearable={!field.required}
      value={known[0]?.value ?? null}
      onChange={(id) => onChange(id === null ? null : chosenBy(id))}
    />
  );
}
