/** Copies cells as a spreadsheet reads them, pastes what a spreadsheet wrote, clears cells. */
import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type ClipboardEvent, useState } from "react";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import type { Col } from "@/engine/list/columns";
import { type Box, boxOf } from "@/engine/list/cursor";
import { writeEach } from "@/engine/list/many-writes";
import { byDoc, layOut, type PastePlan, planPaste } from "@/engine/list/paste";
import { readTsv, writeTsv } from "@/engine/list/tsv";
import type { Grid } from "@/engine/list/use-grid";
import { useSession } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { toast } from "@/ui/toast";

/** Beyond this many cells what would change is shown before it is written. */
const UNASKED = 1;
const UNASKED_CLEARED = 60;
/** Rows taken from the clipboard at once. */
const MOST_ROWS = 2_000;

export function tsvOf(docs: readonly Doc[], cols: readonly Col[], head = false): string {
  const rows = docs.map((doc) =>
    cols.map((col) => col.view.text(valueAt(doc, col.path), col.field)),
  );
  return writeTsv(head ? [cols.map((col) => col.label), ...rows] : rows);
}

export type Clipboard = {
  onCopy: (event: ClipboardEvent) => void;
  onPaste: (event: ClipboardEvent) => void;
  clear: () => void;
  /** What waits for a yes. */
  plan: PastePlan | null;
  apply: (plan: PastePlan) => void;
  dismiss: () => void;
};

export function useClipboard(
  definition: Definition,
  grid: Grid,
  chosen: ReadonlyMap<string, Doc>,
): Clipboard {
  const client = useQueryClient();
  const { schema } = useSession();
  const [plan, setPlan] = useState<PastePlan | null>(null);
  const box = boxOf(grid.cursor);
  const apply = (accepted: PastePlan) => {
    setPlan(null);
    const changes = byDoc(accepted.changes);
    const cells = accepted.changes.filter((change) => change.patch).length;
    if (cells === 0) return;
    const message =
      cells === 1 ? t`Changed 1 cell` : t`Changed ${cells} cells in ${changes.length} records`;
    void writeEach(client, definition, changes, message);
  };
  const propose = async (cells: string[][], unasked: number) => {
    const docs = await targets(grid, box, layOut(cells, box).rows);
    const found = await planPaste({ definition, schema, cells, box, docs, cols: grid.cols });
    const writable = found.changes.filter((change) => change.patch);
    const refused = found.changes.find((change) => change.problem);
    if (writable.length === 0) {
      if (refused) toast({ title: t`Nothing was changed`, body: refused.problem ?? "" });
      return;
    }
    if (writable.length <= unasked && !refused && found.lostRows + found.lostCols === 0)
      apply(found);
    else setPlan(found);
  };
  /** Rows that are not here yet have to be fetched first, which may fail. */
  const begin = (cells: string[][], unasked: number) =>
    void propose(cells, unasked).catch((thrown: unknown) =>
      toast.error(t`Nothing was changed`, asProblem(thrown)),
    );
  return {
    plan,
    apply,
    dismiss: () => setPlan(null),
    clear: () => begin([[""]], UNASKED_CLEARED),
    onCopy: (event) => {
      if (event.target !== event.currentTarget) return;
      const whole = chosen.size > 0;
      const docs = whole ? [...chosen.values()] : loaded(grid, box);
      if (docs.length === 0) return;
      const cols = whole ? grid.cols : grid.cols.slice(box.left, box.right + 1);
      event.clipboardData.setData("text/plain", tsvOf(docs, cols));
      event.preventDefault();
      if (docs.length * cols.length > 1)
        toast({ title: t`Copied ${docs.length * cols.length} cells` });
    },
    onPaste: (event) => {
      if (event.target !== event.currentTarget || !definition.permissions.update) return;
      const text = event.clipboardData.getData("text/plain");
      if (text === "") return;
      event.preventDefault();
      begin(readTsv(text).slice(0, MOST_ROWS), UNASKED);
    },
  };
}

/** The rows in the box that are there: copying has to answer at once. */
function loaded(grid: Grid, box: Box): Doc[] {
  const docs: Doc[] = [];
  for (let row = Math.max(0, box.top); row <= box.bottom; row++) {
    const doc = grid.rows.docAt(row);
    if (doc) docs.push(doc);
  }
  return docs;
}

async function targets(grid: Grid, box: Box, count: number): Promise<Doc[]> {
  const last = Math.min(grid.rows.count - 1, box.top + count - 1);
  return last < box.top ? [] : grid.rows.between(Math.max(0, box.top), last);
}
