/** Over a board whose columns belong to something, which of them is shown: the pipeline. */
import { useLingui } from "@lingui/react/macro";
import { useBoard } from "@/engine/board/context";
import type { Columns } from "@/engine/board/use-columns";
import { useSession } from "@/engine/session";
import type { ChangeView } from "@/engine/view-state";
import { label } from "@/lib/i18n";
import { Select } from "@/ui/select";

export function BoardHead({ columns, change }: { columns: Columns; change: ChangeView }) {
  const { t } = useLingui();
  const { schema } = useSession();
  const { field, view } = useBoard();
  if (columns.lanes.length < 2) return null;
  const target = schema.collections.find((each) => each.slug === field.relationTo);
  const within = target?.fields.find((each) => each.name === view?.columns?.within);
  const name = within ? label(within.label) : t`Group`;
  return (
    <div className="flex shrink-0 items-center gap-2 px-4 pt-2.5 phone:px-3">
      <span className="text-12 text-muted">{name}</span>
      <div className="w-52">
        <Select
          dense
          aria-label={name}
          value={columns.lane}
          options={columns.lanes}
          onChange={(lane) => change({ lane })}
        />
      </div>
    </div>
  );
}
