/** What can be done with a record as a whole. */
import { useLingui } from "@lingui/react/macro";
import type { Definition, Doc } from "@/engine/definitions";
import { openCreate } from "@/engine/record/create/open";
import { hasNames } from "@/engine/record/fields/arrange";
import { useRecordPath } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";
import type { Writes } from "@/engine/writes";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toast";

export type Actions = {
  copyLink: () => void;
  duplicate: (() => void) | null;
  remove: (() => void) | null;
};

export function useActions(
  definition: Definition,
  doc: Doc | undefined,
  writes: Writes,
  onGone: () => void,
): Actions | undefined {
  const { t } = useLingui();
  const recordPath = useRecordPath();
  if (!doc) return undefined;
  const path = recordPath(definition.slug, doc.id);
  const title = titleOf(definition, doc);
  const copyLink = () => {
    const link = new URL(path, window.location.href).href;
    navigator.clipboard.writeText(link).then(
      () => toast({ title: t`Link copied`, tone: "good" }),
      // Without the right to the clipboard the link is there to be copied by hand.
      () => toast({ title: t`Copy this link`, body: link, duration: 15_000 }),
    );
  };
  const remove = async () => {
    if (!definition.trash) {
      const sure = await confirm({
        title: t`Delete “${title}”?`,
        body: t`This cannot be undone.`,
        action: t`Delete`,
        danger: true,
      });
      if (!sure) return;
    }
    onGone();
    const message = definition.trash ? t`“${title}” moved to the trash` : t`“${title}” deleted`;
    await writes.remove([doc], message).catch(() => undefined);
  };
  const { permissions } = definition;
  return {
    copyLink,
    duplicate: permissions.create
      ? () =>
          void openCreate(
            definition.slug,
            copyOf(definition, doc, (name) => t`${name} (copy)`),
          )
      : null,
    remove:
      permissions.delete || (definition.trash && permissions.update) ? () => void remove() : null,
  };
}

/** What a second of the kind begins with: everything one may write and that need not be unique. */
function copyOf(
  definition: Definition,
  doc: Doc,
  named: (name: string) => string,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of definition.fields) {
    if (!field.writable || field.readOnly || field.unique || field.writeOnly) continue;
    if (field.derived || NOT_COPIED.has(field.name)) continue;
    const value = doc[field.name];
    if (value !== null && value !== undefined) out[field.name] = value;
  }
  const title = definition.fields.find((field) => field.name === definition.title);
  if (title?.type === "text" && title.name in out && !hasNames(definition)) {
    out[title.name] = named(String(out[title.name]));
  }
  return out;
}

/** Belong to the one record: where it stands, when it ended. */
const NOT_COPIED = new Set(["position", "closedAt", "completedAt", "lostReason", "reference"]);
