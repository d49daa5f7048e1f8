/** What can be done with the chosen rows, floating over the foot of the list. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Copy, PanelRight, PencilLine, Trash2, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Definition } from "@/engine/definitions";
import type { ListQuery } from "@/engine/documents";
import type { Col } from "@/engine/list/columns";
import { trashAll, writeAll } from "@/engine/list/many-writes";
import { type Choose, sizeOf } from "@/engine/list/selection";
import { tsvOf } from "@/engine/list/use-clipboard";
import type { Patch } from "@/engine/patch";
import { both } from "@/engine/where";
import { useWrites } from "@/engine/writes";
import { formatNumber } from "@/lib/format";
import { label } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { Button, IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toast";

const BulkEdit = lazy(async () => ({
  default: (await import("@/engine/list/bulk-edit")).BulkEdit,
}));

/** From this many on a deletion is asked about first, trash or not. */
const ASKED = 100;

type Props = {
  definition: Definition;
  choose: Choose;
  cols: readonly Col[];
  query: Pick<ListQuery, "where" | "q">;
  total: number;
  capped: boolean;
  onOpen: (id: string) => void;
};

export function BulkBar({ definition, choose, cols, query, total, capped, onOpen }: Props) {
  const { t } = useLingui();
  const [editing, setEditing] = useState(false);
  const { selection } = choose;
  const size = sizeOf(selection, total);
  const docs = [...selection.docs.values()];
  const shown = `${formatNumber(size)}${selection.all && capped ? "+" : ""}`;
  const all = `${formatNumber(total)}${capped ? "+" : ""}`;
  const act = useBulk({ definition, choose, query, size });
  const [only] = docs;
  const { update, delete: remove } = definition.permissions;
  return (
    <div
      role="toolbar"
      aria-label={t`Chosen records`}
      className="absolute bottom-11 left-1/2 z-40 flex max-w-[calc(100%-16px)] -translate-x-1/2 items-center gap-1 overflow-x-auto rounded-panel bg-raise p-1.5 shadow-panel phone:inset-x-2 phone:bottom-2 phone:max-w-none phone:translate-x-0"
    >
      <span
        role="status"
        className="whitespace-nowrap px-2 font-medium tabular-nums"
      >{t`${shown} selected`}</span>
      {!selection.all && size < total && (
        <Button variant="ghost" onClick={choose.everything}>{t`Select all ${all}`}</Button>
      )}
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      {update && (
        <Button variant="ghost" icon={<PencilLine size={15} />} onClick={() => setEditing(true)}>
          <span className="phone:sr-only">{t`Edit`}</span>
        </Button>
      )}
      {!selection.all && (
        <Button variant="ghost" icon={<Copy size={15} />} onClick={() => void copy()}>
          <span className="phone:sr-only">{t`Copy`}</span>
        </Button>
      )}
      {docs.length === 1 && only && (
        <Button variant="ghost" icon={<PanelRight size={15} />} onClick={() => onOpen(only.id)}>
          <span className="phone:sr-only">{t`Open`}</span>
        </Button>
      )}
      {remove && (definition.trash || !selection.all) && (
        <Button
          variant="ghost"
          icon={<Trash2 size={15} />}
          className="hover:text-danger"
          onClick={() => void act.remove(docs)}
        >
          <span className="phone:sr-only">{t`Delete`}</span>
        </Button>
      )}
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <IconButton label={t`Clear the selection`} shortcut="escape" onClick={choose.clear}>
        <X size={15} />
      </IconButton>
      <Suspense>
        {editing && (
          <BulkEdit
            definition={definition}
            size={shown}
            onClose={() => setEditing(false)}
            onApply={async (patch) => {
              setEditing(false);
              await act.edit(docs, patch);
            }}
          />
        )}
      </Suspense>
    </div>
  );

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(tsvOf(docs, cols, true));
      toast({ title: t`Copied ${docs.length} rows` });
    } catch (thrown) {
      toast.error(t`The browser did not allow copying`, asProblem(thrown));
    }
  }
}

/** The same deed to chosen documents, or to everything that matches. */
function useBulk({
  definition,
  choose,
  query,
  size,
}: Pick<Props, "definition" | "choose" | "query"> & { size: number }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const writes = useWrites(definition);
  const { selection } = choose;
  const plural = label(definition.labels.plural).toLowerCase();
  const many = formatNumber(size);
  const left = selection.except.size > 0 ? { id: { not_in: [...selection.except] } } : undefined;
  const where = both(query.where, left);
  const scope = { ...(where ? { where } : {}), ...(query.q ? { q: query.q } : {}) };
  type Docs = Parameters<typeof writes.remove>[0];
  return {
    edit: async (docs: Docs, patch: Patch) => {
      if (!selection.all) return writes.updateMany(docs, patch, t`Changed ${many} ${plural}`);
      const yes = await confirm({
        title: t`Change all ${many} ${plural}?`,
        body: t`Everything that matches is changed. This cannot be undone at once.`,
        action: t`Change all`,
      });
      if (!yes) return;
      try {
        await writeAll(client, definition, scope, patch);
        toast({ title: t`Changed ${many} ${plural}`, tone: "good" });
      } catch (thrown) {
        toast.error(t`Not saved`, asProblem(thrown));
      }
    },
    remove: async (docs: Docs) => {
      const asks = selection.all || !definition.trash || docs.length >= ASKED;
      const body = definition.trash ? t`They go to the trash.` : t`This cannot be undone.`;
      const question = {
        title: t`Delete ${many} ${plural}?`,
        body,
        action: t`Delete`,
        danger: true,
      };
      if (asks && !(await confirm(question))) return;
      const message = definition.trash
        ? t`Moved ${many} ${plural} to the trash`
        : t`Deleted ${many} ${plural}`;
      try {
        if (selection.all) await trashAll(client, definition, scope, size, message);
        else await writes.remove(docs, message);
        choose.clear();
      } catch (thrown) {
        // `remove` has told it already.
        if (selection.all) toast.error(t`Not deleted`, asProblem(thrown));
      }
    },
  };
}
