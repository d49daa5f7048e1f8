/** What can be done with a raw document as a whole. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { BookOpen, Copy, ExternalLink, MoreHorizontal, RotateCcw, Trash2 } from "lucide-react";
import { useNavigate } from "react-router";
import { writtenRaw } from "@/app/admin/queries";
import { useAdminPath, useScope } from "@/app/admin/scope";
import type { Definition, Doc } from "@/engine/definitions";
import { patchOne } from "@/engine/patch";
import { useSession, workspaceOf } from "@/engine/session";
import { notUndone, over } from "@/engine/undo";
import { offerUndo } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Button, IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toast";

export function DocumentActions({ definition, doc }: { definition: Definition; doc: Doc }) {
  const { t } = useLingui();
  const { tenants } = useSession();
  const navigate = useNavigate();
  const { duplicate, trash, restore, remove } = useActions(definition, doc);
  const { permissions, slug } = definition;
  const home = tenants.find((each) => each.id === doc.tenant);
  return (
    <>
      {doc.deletedAt && permissions.update ? (
        <Button icon={<RotateCcw size={14} aria-hidden />} onClick={() => void restore()}>
          {t`Restore`}
        </Button>
      ) : null}
      <Menu
        align="end"
        trigger={
          <IconButton label={t`Actions`} bare>
            <MoreHorizontal size={16} />
          </IconButton>
        }
      >
        {home && !doc.deletedAt && (
          <MenuItem
            icon={<ExternalLink size={15} />}
            onSelect={() => void navigate(`/w/${workspaceOf(home, tenants)}/${slug}/${doc.id}`)}
          >
            {t`Open in the app`}
          </MenuItem>
        )}
        <MenuItem icon={<BookOpen size={15} />} href={`/api/docs/${slug}`} external>
          {t`API reference`}
        </MenuItem>
        {permissions.create && (
          <MenuItem icon={<Copy size={15} />} onSelect={() => void duplicate()}>
            {t`Duplicate`}
          </MenuItem>
        )}
        {permissions.delete && <MenuSeparator />}
        {permissions.delete && definition.trash && !doc.deletedAt && (
          <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => void trash()}>
            {t`Move to the trash`}
          </MenuItem>
        )}
        {permissions.delete && (
          <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => void remove()}>
            {t`Delete for good`}
          </MenuItem>
        )}
      </Menu>
    </>
  );
}

function useActions(definition: Definition, doc: Doc) {
  const { t } = useLingui();
  const { tenant } = useScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = useAdminPath();
  const { slug } = definition;
  const url = `/api/${slug}/${doc.id}`;
  const attempt = async (failed: string, work: () => Promise<void>) => {
    try {
      await work();
      writtenRaw(client);
    } catch (thrown) {
      toast.error(failed, asProblem(thrown));
    }
  };
  const setDeleted = (deletedAt: string | null, only?: { ifMatch: () => string }) =>
    patchOne(slug, doc.id, { deletedAt }, { query: { trash: true }, tenant, ...only });
  const takeBack = (trashed: Doc) =>
    setDeleted(null, over(trashed, { deletedAt: null }))
      .then(() => toast({ title: t`Restored`, tone: "good" }), notUndone)
      .finally(() => writtenRaw(client));
  const restore = () =>
    attempt(t`Not restored`, async () => {
      await setDeleted(null);
      toast({ title: t`Restored`, tone: "good" });
    });
  return {
    restore,
    duplicate: () =>
      attempt(t`Not duplicated`, async () => {
        const options = { body: {}, query: { depth: 0 }, tenant };
        const answer = await request<{ doc: Doc }>("POST", `${url}/duplicate`, options);
        await navigate(path(`${slug}/${answer.doc.id}`));
        toast({ title: t`Duplicated`, tone: "good" });
      }),
    trash: () =>
      attempt(t`Not deleted`, async () => {
        const trashed = await setDeleted(new Date().toISOString());
        offerUndo(t`Moved to the trash`, () => takeBack(trashed));
        await navigate(path(slug));
      }),
    remove: async () => {
      const sure = await confirm({
        title: t`Delete it for good?`,
        body: t`What belongs to it goes with it. Only the audit log remembers it.`,
        action: t`Delete for good`,
        danger: true,
      });
      if (!sure) return;
      await attempt(t`Not deleted`, async () => {
        await request("DELETE", url, { query: { depth: 0, trash: true }, tenant });
        await navigate(path(slug));
        toast({ title: t`Deleted` });
      });
    },
  };
}
