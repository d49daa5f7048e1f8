/** Deleting a stage. While deals stand in it the server refuses: then they are moved first, from here. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "@/app/forms/notes";
import { countDeals, type Stage, useDelete } from "@/app/settings/pipelines/data";
import type { Definition } from "@/engine/definitions";
import { refresh } from "@/engine/documents";
import { useDefinition, useSession } from "@/engine/session";
import { asProblem, type Problem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Button, LinkButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toast";

export function useDeleteStage(
  stage: Stage,
  others: readonly Stage[],
  definition: Definition,
): { ask: () => Promise<void>; dialog: ReactNode } {
  const { t } = useLingui();
  const remove = useDelete(definition);
  const [used, setUsed] = useState<number | null>(null);
  const ask = async () => {
    try {
      const deals = await countDeals({ stage: stage.id });
      if (deals > 0) return setUsed(deals);
      const sure = await confirm({
        title: t`Delete the stage “${stage.name}”?`,
        body: t`No deal stands in it. This cannot be undone.`,
        action: t`Delete`,
        danger: true,
      });
      if (!sure) return;
      await remove(stage.id);
      toast({ title: t`Stage deleted` });
    } catch (thrown) {
      const problem = asProblem(thrown);
      // Deals came in meanwhile, or are in the trash, where the count does not see them.
      if (problem.kind === "conflict") setUsed(0);
      else toast.error(t`Not deleted`, problem);
    }
  };
  const dialog =
    used === null ? null : (
      <InUse
        stage={stage}
        others={others}
        deals={used}
        onDelete={() => remove(stage.id)}
        onClose={() => setUsed(null)}
      />
    );
  return { ask, dialog };
}

function InUse({
  stage,
  others,
  deals,
  onDelete,
  onClose,
}: {
  stage: Stage;
  others: readonly Stage[];
  deals: number;
  onDelete: () => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const { path } = useSession();
  const client = useQueryClient();
  const may = useDefinition("deals")?.permissions.update === true;
  const [target, setTarget] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const go = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const where = { stage: { equals: stage.id } };
      await request("PATCH", "/api/deals", { query: { where, depth: 0 }, body: { stage: target } });
      void refresh(client, "deals");
      await onDelete();
      toast({ title: t`Deals moved, stage deleted` });
      onClose();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={t`“${stage.name}” is in use`}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          {may && deals > 0 && (
            <Button variant="danger" disabled={!target} pending={busy} onClick={() => void go()}>
              {t`Move and delete`}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        {deals > 0 ? (
          <p>
            <Plural
              value={deals}
              one="# deal stands in this stage. Choose where it goes, then the stage is deleted."
              other="# deals stand in this stage. Choose where they go, then the stage is deleted."
            />
          </p>
        ) : (
          <p>
            <Trans>
              A deal still belongs to it, perhaps one in the trash. Restore and move it, or delete
              it for good, then try again.
            </Trans>
          </p>
        )}
        {may && deals > 0 && (
          <Field label={t`Move them to`}>
            {(wiring) => (
              <Select
                {...wiring}
                value={target}
                onChange={setTarget}
                options={others.map((each) => ({ value: each.id, label: each.name }))}
              />
            )}
          </Field>
        )}
        {problem && <ErrorNote problem={problem} />}
        <LinkButton to={path("deals")} variant="ghost" className="justify-self-start">
          {t`Look at the deals`}
        </LinkButton>
      </div>
    </Dialog>
  );
}
