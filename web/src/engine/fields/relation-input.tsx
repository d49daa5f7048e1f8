/** The editor of relations: found by typing, made on the fly where a title is all it takes. */
import { t } from "@lingui/core/macro";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { idOf } from "@/engine/definitions";
import { keys, oneOptions } from "@/engine/documents";
import { useTarget } from "@/engine/fields/relation";
import { type InputProps, isEmpty } from "@/engine/fields/types";
import { canCreateByTitle, choices, createByTitle } from "@/engine/relations";
import { useSession } from "@/engine/session";
import { isDoc, titleOf } from "@/engine/titles";
import { label } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { Combobox } from "@/ui/combobox";
import { toast } from "@/ui/toast";

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
  const chosen: unknown[] = Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
  const ids = chosen.map((each) => idOf(each) ?? "");
  const known = useTitles(slug, chosen).map((title, at) => ({
    value: ids[at] ?? "",
    label: title,
  }));
  const create = async (title: string) => {
    if (!target) return;
    try {
      const made = await createByTitle(client, target, title);
      client.setQueryData(keys.one(slug, made.id, 0), made);
      const name = label(target.labels.singular);
      toast({ title: t`${name} “${title}” was created`, tone: "good" });
      onChange(field.many ? [...ids, made.id] : made.id);
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
  if (field.many) return <Combobox {...common} multiple value={ids} onChange={onChange} />;
  return (
    <Combobox
      {...common}
      clearable={!field.required}
      value={ids[0] ?? null}
      onChange={(next) => {
        onChange(next);
        onDone?.();
      }}
    />
  );
}

/** Titles of chosen documents; what came as an id alone is looked up. */
function useTitles(slug: string, chosen: readonly unknown[]): string[] {
  const target = useTarget({ relationTo: slug });
  const found = useQueries({
    queries: chosen.map((each) => ({
      ...oneOptions(slug, idOf(each) ?? "", 0),
      enabled: !isDoc(each),
      retry: false,
    })),
  });
  return chosen.map((each, at) => {
    const doc = isDoc(each) ? each : found[at]?.data;
    return doc ? titleOf(target, doc) : "";
  });
}
