/** Writes what was composed: an entry of the timeline, or a task, linked to the record and what it belongs to. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type Definition, type Doc, idOf } from "@/engine/definitions";
import { linksFrom } from "@/engine/record/links";
import type { Draft } from "@/engine/record/timeline/composer-draft";
import { kindName } from "@/engine/record/timeline/kinds";
import { noteOf } from "@/engine/record/timeline/told";
import { useSession } from "@/engine/session";
import { Writes } from "@/engine/writes";

export function useSaveEntry(definition: Definition, doc: Doc, link: string) {
  const { t } = useLingui();
  const { schema } = useSession();
  const client = useQueryClient();
  const linksOf = (target: Definition) =>
    Object.fromEntries(
      Object.entries(linksFrom(target, link, definition, doc)).map(([name, value]) => [
        name,
        idOf(value),
      ]),
    );
  /** Throws the `Problem` when it is refused. */
  return async (draft: Draft): Promise<void> => {
    const isTask = draft.kind === "task";
    const target = schema.collections.find(
      (each) => each.slug === (isTask ? "tasks" : "activities"),
    );
    if (!target) return;
    const body = isTask ? taskOf(draft) : logOf(draft);
    const name = kindName(draft.kind);
    const own = idOf(doc.tenant);
    const tenant = own ? { tenant: own } : {};
    const said = isTask ? { message: t`${name} added` } : {};
    await new Writes(client, target).create({ ...body, ...linksOf(target), ...tenant }, said);
  };
}

function taskOf(draft: Draft): Record<string, unknown> {
  return {
    title: draft.subject.trim(),
    dueAt: draft.due,
    assignee: idOf(draft.assignee),
  };
}

function logOf(draft: Draft): Record<string, unknown> {
  const text =
    draft.kind === "note"
      ? noteOf(draft.text)
      : { subject: draft.subject.trim(), body: draft.body.trim() || null };
  return {
    kind: draft.kind,
    ...text,
    ...(draft.at && draft.kind !== "note" ? { at: draft.at } : {}),
  };
}
