/** The board of deals: the stages of one pipeline at a time, a reason for what is lost, a cheer for what is won. */
import { t } from "@lingui/core/macro";
import { lazy } from "react";
import type { BoardView } from "@/engine/modules";
import { askWhyLost } from "@/modules/crm/board/lost-question";
import { toast } from "@/ui/toast";

export const dealsBoard: BoardView = {
  by: "stage",
  sum: "value",
  columns: { sort: "order,id", within: "pipeline" },
  fields: ["company", "primaryContact", "value", "expectedClose", "owner"],
  since: { slug: "activities", by: "deal", at: "at", where: { kind: "stage_changed" } },
  host: lazy(async () => ({
    default: (await import("@/modules/crm/board/lost-reason")).LostReasonHost,
  })),
  beforeDrop: async (doc, { label, doc: stage }) =>
    stage?.kind === "lost" ? askWhyLost(doc, label) : {},
  afterDrop: (doc, { doc: stage }) => {
    if (stage?.kind !== "won") return;
    const name = String(doc.name ?? "");
    toast({ title: t`🎉 Won: ${name}`, tone: "good" });
  },
};
