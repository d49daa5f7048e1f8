/** Tags: names and colors. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Tags, Trash2 } from "lucide-react";
import { AddLine } from "@/app/settings/add-line";
import { InlineText } from "@/app/settings/inline-text";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import type { Definition, Doc } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { useDefinition } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import { IconButton } from "@/ui/button";
import { ColorInput } from "@/ui/color-input";
import { confirm } from "@/ui/confirm";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Popover } from "@/ui/popover";
import { toast } from "@/ui/toast";

type Tag = Doc & { name: string; color: string | null };

const SWATCHES = [
  "#3b56cf",
  "#7a4fd0",
  "#be123c",
  "#c2410c",
  "#b45309",
  "#15803d",
  "#0f766e",
  "#0369a1",
  "#475569",
];

export function TagSettings() {
  const { t } = useLingui();
  const definition = useDefinition("tags");
  const tags = useQuery(
    listOptions("tags", { limit: 1000, pagination: false, sort: "name", depth: 0 }),
  );
  const docs = (tags.data?.docs ?? []) as Tag[];
  const may = definition?.permissions.create === true;
  return (
    <Section title={t`Tags`} lead={t`Words to group contacts, companies and deals by.`}>
      {tags.isPending ? (
        <RowsSkeleton count={6} />
      ) : tags.error ? (
        <ErrorState error={tags.error} onRetry={() => void tags.refetch()} />
      ) : (
        definition && (
          <div className="rounded-panel bg-raise shadow-card">
            {docs.length === 0 && (
              <EmptyState
                compact
                icon={Tags}
                title={t`No tags yet`}
                body={may ? t`Type the first one below.` : undefined}
              />
            )}
            <ul className="divide-y divide-line">
              {docs.map((tag) => (
                <TagRow key={tag.id} tag={tag} definition={definition} />
              ))}
            </ul>
            {may && <NewTag definition={definition} count={docs.length} />}
          </div>
        )
      )}
    </Section>
  );
}

function NewTag({ definition, count }: { definition: Definition; count: number }) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const add = async (name: string) => {
    try {
      await writes.create({ name, color: SWATCHES[count % SWATCHES.length] });
      return true;
    } catch (thrown) {
      toast.error(t`Not created`, asProblem(thrown));
      return false;
    }
  };
  return (
    <div className="border-t border-line first:border-0">
      <AddLine label={t`Name of a new tag`} placeholder={t`New tag…`} onAdd={add} />
    </div>
  );
}

function TagRow({ tag, definition }: { tag: Tag; definition: Definition }) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const may = definition.permissions.update;
  const save = (patch: Partial<Tag>) =>
    void writes.update(tag, patch, { message: t`Tag saved` }).catch(() => undefined);
  const remove = async () => {
    const sure = await confirm({
      title: t`Delete the tag “${tag.name}”?`,
      body: t`It is taken off everything that has it. This cannot be undone.`,
      action: t`Delete`,
      danger: true,
    });
    if (sure) await writes.remove([tag], t`Tag deleted`).catch(() => undefined);
  };
  const dot = (
    <span
      aria-hidden
      style={{ background: isColor(tag.color) ? tag.color : "var(--edge)" }}
      className="size-3 rounded-full"
    />
  );
  return (
    <li className="flex items-center gap-1.5 px-3 py-1.5">
      {may ? (
        <Popover
          label={t`Color of ${tag.name}`}
          className="w-[252px] p-3"
          trigger={
            <button
              type="button"
              aria-label={t`Color of ${tag.name}`}
              className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover coarse:size-11"
            >
              {dot}
            </button>
          }
        >
          <ColorInput
            value={tag.color}
            swatches={SWATCHES}
            aria-label={t`Color`}
            onChange={(color) => (color === null || isColor(color)) && save({ color })}
          />
        </Popover>
      ) : (
        <span className="inline-flex size-7 items-center justify-center">{dot}</span>
      )}
      <div className="min-w-0 grow">
        <InlineText
          value={tag.name}
          onSave={(name) => save({ name })}
          label={t`Name of the tag`}
          max={80}
          disabled={!may}
        />
      </div>
      {definition.permissions.delete && (
        <IconButton label={t`Delete ${tag.name}`} bare onClick={() => void remove()}>
          <Trash2 size={15} />
        </IconButton>
      )}
    </li>
  );
}

function isColor(text: string | null): text is string {
  return text !== null && /^#[0-9a-f]{6}$/i.test(text);
}
