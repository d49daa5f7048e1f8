/** Lists of documents that point at a record, and how many each holds. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Definition, Field } from "@/engine/definitions";
import { countOptions } from "@/engine/documents";
import { viewOf } from "@/engine/modules";
import { relatedTo } from "@/engine/record/links";
import { useSession } from "@/engine/session";
import { label } from "@/lib/i18n";

export type Related = { target: Definition; by: Field; label: string; count: number | undefined };

export function useRelated(definition: Definition, id: string): Related[] {
  const { schema } = useSession();
  const lists = useMemo(() => {
    const { collections } = schema;
    const wanted = viewOf(definition.slug)?.related ?? relatedTo(definition.slug, collections);
    return wanted.flatMap(({ slug, by }) => {
      const target = collections.find((each) => each.slug === slug);
      const field = target?.fields.find((each) => each.name === by);
      return target?.permissions.read && field ? [{ target, by: field }] : [];
    });
  }, [schema, definition.slug]);
  const counts = useQueries({
    queries: lists.map(({ target, by }) =>
      countOptions(target.slug, { [by.name]: { [by.many ? "in" : "equals"]: id } }),
    ),
  });
  return lists.map(({ target, by }, at) => {
    const twins = lists.filter((each) => each.target === target).length > 1;
    const plural = label(target.labels.plural);
    return {
      target,
      by,
      label: twins ? `${plural} · ${label(by.label)}` : plural,
      count: counts[at]?.data,
    };
  });
}
