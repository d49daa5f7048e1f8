/** What pasting would change, before it does. */
import { Plural, useLingui } from "@lingui/react/macro";
import { ArrowRight, TriangleAlert } from "lucide-react";
import type { Definition } from "@/engine/definitions";
import { valueAt } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import type { CellChange, PastePlan } from "@/engine/list/paste";
import { titleOf } from "@/engine/titles";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** The first of them say enough. */
const SHOWN = 60;

export function PasteDialog({
  definition,
  plan,
  onApply,
  onDismiss,
}: {
  definition: Definition;
  plan: PastePlan;
  onApply: (plan: PastePlan) => void;
  onDismiss: () => void;
}) {
  const { t } = useLingui();
  const good = plan.changes.filter((change) => change.patch);
  const bad = plan.changes.filter((change) => change.problem);
  const rows = new Set(good.map((change) => change.doc.id)).size;
  const lost = plan.lostRows + plan.lostCols;
  const shown = [...bad, ...good].slice(0, SHOWN);
  const more = plan.changes.length - shown.length;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDismiss()}
      size="lg"
      title={t`Change ${good.length} cells in ${rows} records?`}
      description={
        <>
          {plan.same > 0 && (
            <Plural
              value={plan.same}
              one="# cell holds the same already. "
              other="# cells hold the same already. "
            />
          )}
          {bad.length > 0 && (
            <Plural
              value={bad.length}
              one="# cell cannot be changed and is left out. "
              other="# cells cannot be changed and are left out. "
            />
          )}
          {lost > 0 &&
            t`What lies beyond the list is left out: ${plan.lostRows} rows, ${plan.lostCols} columns.`}
        </>
      }
      footer={
        <>
          <Button onClick={onDismiss}>{t`Cancel`}</Button>
          <Button
            variant="primary"
            autoFocus
            disabled={good.length === 0}
            onClick={() => onApply(plan)}
          >
            {t`Change ${good.length} cells`}
          </Button>
        </>
      }
    >
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr className="border-b border-line text-left text-12 text-muted">
            <th className="h-8 w-[30%] font-medium">{t`Record`}</th>
            <th className="w-[20%] font-medium">{t`Field`}</th>
            <th className="font-medium">{t`Change`}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((change) => (
            <ChangeRow
              key={`${change.doc.id} ${change.col.path}`}
              definition={definition}
              change={change}
            />
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="pt-3 text-muted">{t`and ${more} more`}</p>}
    </Dialog>
  );
}

function ChangeRow({ definition, change }: { definition: Definition; change: CellChange }) {
  const { t } = useLingui();
  const { col, doc, shown, problem, text } = change;
  return (
    <tr className="h-9 border-b border-line">
      <td className="truncate pr-3 font-medium">{titleOf(definition, doc)}</td>
      <td className="truncate pr-3 text-muted">{col.label}</td>
      <td>
        {problem ? (
          <span className="flex items-center gap-1.5 text-danger">
            <TriangleAlert size={14} aria-hidden className="shrink-0" />
            <span className="truncate" title={`${text}: ${problem}`}>
              {text} — {problem}
            </span>
          </span>
        ) : (
          <span className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 truncate text-muted line-through decoration-edge">
              <FieldDisplay field={col.field} value={valueAt(doc, col.path)} empty={t`empty`} />
            </span>
            <ArrowRight size={13} aria-label={t`becomes`} className="shrink-0 text-faint" />
            <span className="min-w-0 truncate">
              <FieldDisplay
                field={col.field}
                value={shown ? valueAt(shown, col.path) : undefined}
                empty={t`empty`}
              />
            </span>
          </span>
        )}
      </td>
    </tr>
  );
}
