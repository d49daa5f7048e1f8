/** At the head of a deal: its way through the stages, what it is worth, when it should close. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { type Doc, idOf } from "@/engine/definitions";
import { listOptions, type Money } from "@/engine/documents";
import { viewOf } from "@/engine/modules";
import { useDefinition } from "@/engine/session";
import { isDoc } from "@/engine/titles";
import type { Writes } from "@/engine/writes";
import { formatDay, formatInstant, formatMoney, formatRelative, today } from "@/lib/format";
import { Fact, Facts } from "@/modules/crm/record/facts";
import { StagePath } from "@/modules/crm/record/stage-path";

export function DealHeader({ doc, writes }: { doc: Doc; writes: Writes }) {
  const stages = useStages(doc);
  const move = useMove(doc, writes);
  const deals = useDefinition("deals");
  const field = deals?.fields.find((each) => each.name === "stage");
  const Host = viewOf("deals")?.board?.host;
  return (
    <div className="grid gap-2.5">
      {stages.length > 0 && (
        <StagePath
          stages={stages}
          current={idOf(doc.stage)}
          disabled={!deals?.permissions.update || !field?.writable}
          onMove={(stage) => void move(stage)}
        />
      )}
      <DealFacts doc={doc} />
      {Host && (
        <Suspense>
          <Host />
        </Suspense>
      )}
    </div>
  );
}

function useStages(doc: Doc): Doc[] {
  const pipeline = idOf(doc.pipeline);
  const { data } = useQuery({
    ...listOptions("stages", {
      where: { pipeline: { equals: pipeline ?? "" } },
      sort: "order,id",
      limit: 100,
      depth: 0,
      pagination: false,
      select: { name: true, kind: true, order: true, pipeline: true, probability: true },
    }),
    enabled: pipeline !== null,
    placeholderData: undefined,
  });
  return data?.docs ?? [];
}

/** The same questions and cheers as on the board. */
function useMove(doc: Doc, writes: Writes) {
  const { t } = useLingui();
  return async (stage: Doc) => {
    const board = viewOf("deals")?.board;
    const name = String(stage.name ?? "");
    const column = { value: stage.id, label: name, doc: stage };
    const more = board?.beforeDrop ? await board.beforeDrop(doc, column) : {};
    if (more === null) return;
    const shown = { stage, status: stage.kind };
    try {
      await writes.update(
        doc,
        { stage: stage.id, ...more },
        { message: t`Moved to ${name}`, shown },
      );
      board?.afterDrop?.(doc, column);
    } catch {
      // Already rolled back, and told why.
    }
  };
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

function DealFacts({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  const since = useStageSince(doc);
  const close = typeof doc.expectedClose === "string" ? doc.expectedClose : null;
  const closed = typeof doc.closedAt === "string" ? doc.closedAt : null;
  const late = close !== null && doc.status === "open" && close < today();
  const chance =
    isDoc(doc.stage) && typeof doc.stage.probability === "number" ? doc.stage.probability : null;
  const reason = doc.status === "lost" && typeof doc.lostReason === "string" ? doc.lostReason : "";
  return (
    <Facts>
      {isMoney(doc.value) && <Fact label={t`Value`}>{formatMoney(doc.value)}</Fact>}
      {chance !== null && doc.status === "open" && (
        <Fact label={t`Probability`}>{`${chance}%`}</Fact>
      )}
      {closed && doc.status !== "open" ? (
        <Fact label={t`Closed`}>{formatInstant(closed)}</Fact>
      ) : (
        close && (
          <Fact label={t`Expected close`}>
            <span className={late ? "text-danger" : ""}>
              {formatDay(close)}
              {late && ` · ${t`overdue`}`}
            </span>
          </Fact>
        )
      )}
      {since && (
        <Fact label={t`In this stage`}>
          <time dateTime={since} title={formatInstant(since)}>
            {formatRelative(since)}
          </time>
        </Fact>
      )}
      {reason && <Fact label={t`Lost because`}>{reason}</Fact>}
    </Facts>
  );
}

/** When the deal came to where it is: its last move, else its beginning. */
function useStageSince(doc: Doc): string | null {
  const { data } = useQuery({
    ...listOptions("activities", {
      where: { and: [{ deal: { equals: doc.id } }, { kind: { equals: "stage_changed" } }] },
      sort: "-at",
      limit: 1,
      depth: 0,
      pagination: false,
      select: { at: true },
    }),
    placeholderData: undefined,
  });
  if (!data) return null;
  const at = data.docs[0]?.at;
  return typeof at === "string" ? at : (doc.createdAt ?? null);
}
