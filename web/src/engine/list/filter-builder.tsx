/** Builds a filter: rows joined by "and" or "or", groups of rows within. */
import { useLingui } from "@lingui/react/macro";
import { FolderPlus, Plus, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { askLabel } from "@/engine/list/ask-labels";
import {
  askOf,
  asksOf,
  type FilterField,
  filterFields,
  makePart,
  type Part,
  spanOf,
  startPart,
} from "@/engine/list/filter-model";
import { FilterValue } from "@/engine/list/filter-value";
import { useSession } from "@/engine/session";
import { EMPTY, type Filter, isTest } from "@/engine/where";
import { cx } from "@/lib/cx";
import { Button, IconButton } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { Select } from "@/ui/select";

/** Typing ends before the list is asked again. */
const REST = 250;
/** Groups within groups: deep enough for any question that is still read. */
const DEPTH = 2;

type Props = { definition: Definition; filter: Filter; onChange: (filter: Filter) => void };

export function FilterBuilder({ definition, filter, onChange }: Props) {
  const { t } = useLingui();
  const { schema } = useSession();
  const fields = useMemo(() => filterFields(definition, schema), [definition, schema]);
  const [draft, setDraft] = useDraftFilter(filter, onChange);
  return (
    <div className="grid w-[600px] max-w-full gap-2 phone:w-full">
      <GroupRows fields={fields} filter={draft} depth={0} onChange={setDraft} />
      {draft.parts.length > 0 && (
        <div className="flex justify-end border-t border-line pt-2">
          <Button variant="ghost" size="sm" onClick={() => setDraft(EMPTY)}>{t`Clear all`}</Button>
        </div>
      )}
    </div>
  );
}

/** What is being built, ahead of what the list shows. */
function useDraftFilter(
  filter: Filter,
  onChange: (filter: Filter) => void,
): [Filter, (next: Filter) => void] {
  const [draft, setDraft] = useState(filter);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const waiting = useRef<(() => void) | null>(null);
  // Closed before the rest was over: nothing of it is lost.
  useEffect(() => () => waiting.current?.(), []);
  const set = (next: Filter) => {
    setDraft(next);
    clearTimeout(timer.current);
    const tell = () => {
      clearTimeout(timer.current);
      waiting.current = null;
      onChange(next);
    };
    waiting.current = tell;
    timer.current = setTimeout(tell, REST);
  };
  return [draft, set];
}

type RowsProps = {
  fields: readonly FilterField[];
  filter: Filter;
  depth: number;
  onChange: (filter: Filter) => void;
};

function GroupRows({ fields, filter, depth, onChange }: RowsProps) {
  const { t } = useLingui();
  // The row that was just added: one goes on to its value.
  const [fresh, setFresh] = useState(-1);
  const set = (at: number, part: Part) =>
    onChange({ ...filter, parts: filter.parts.with(at, part) });
  const remove = (at: number) => onChange({ ...filter, parts: filter.parts.toSpliced(at, 1) });
  const add = (part: Part) => {
    setFresh(filter.parts.length);
    onChange({ ...filter, parts: [...filter.parts, part] });
  };
  const joins = [
    { value: "and" as const, label: t`and` },
    { value: "or" as const, label: t`or` },
  ];
  return (
    <div className={cx("grid gap-2", depth > 0 && "rounded-card bg-side p-2 shadow-ring")}>
      {filter.parts.map((part, at) => (
        <div key={at} className="flex items-start gap-2 phone:gap-1">
          <div className="w-[68px] shrink-0 pt-px phone:w-[76px]">
            {at === 0 ? (
              <span className="flex h-7 items-center px-2 text-muted">{t`Where`}</span>
            ) : at === 1 ? (
              <Select
                dense
                aria-label={t`How the conditions are joined`}
                value={filter.join}
                options={joins}
                onChange={(join) => join && onChange({ ...filter, join })}
              />
            ) : (
              <span className="flex h-7 items-center px-2 text-muted">
                {filter.join === "and" ? t`and` : t`or`}
              </span>
            )}
          </div>
          <div className="min-w-0 grow">
            {isTest(part) || spanOf(part) ? (
              <TestRow
                fields={fields}
                part={part}
                fresh={at === fresh}
                onChange={(next) => set(at, next)}
              />
            ) : (
              <GroupRows
                fields={fields}
                filter={part}
                depth={depth + 1}
                onChange={(next) => set(at, next)}
              />
            )}
          </div>
          <IconButton label={t`Remove`} onClick={() => remove(at)}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <AddRow fields={fields} first={filter.parts.length === 0} nests={depth < DEPTH} onAdd={add} />
    </div>
  );
}

function AddRow({
  fields,
  first,
  nests,
  onAdd,
}: {
  fields: readonly FilterField[];
  first: boolean;
  nests: boolean;
  onAdd: (part: Part) => void;
}) {
  const { t } = useLingui();
  const [choosing, setChoosing] = useState(first);
  if (choosing || first) {
    return (
      <Combobox
        autoFocus
        dense
        value={null}
        aria-label={t`Field to filter by`}
        placeholder={t`Filter by…`}
        options={fields.map(({ path, label }) => ({ value: path, label }))}
        onChange={(path) => {
          const found = fields.find((each) => each.path === path);
          setChoosing(false);
          if (found) onAdd(startPart(found.field, found.path));
        }}
      />
    );
  }
  return (
    <div className="flex gap-1">
      <Button variant="ghost" size="sm" icon={<Plus size={14} />} onClick={() => setChoosing(true)}>
        {t`Add a condition`}
      </Button>
      {nests && (
        <Button
          variant="ghost"
          size="sm"
          icon={<FolderPlus size={14} />}
          onClick={() => onAdd({ join: "or", parts: [] })}
        >
          {t`Add a group`}
        </Button>
      )}
    </div>
  );
}

function TestRow({
  fields,
  part,
  fresh,
  onChange,
}: {
  fields: readonly FilterField[];
  part: Part;
  fresh: boolean;
  onChange: (part: Part) => void;
}) {
  const { t } = useLingui();
  const path = isTest(part) ? part.path : (spanOf(part)?.path ?? "");
  const known = fields.find((each) => each.path === path);
  if (!known)
    return (
      <span className="flex h-7 items-center text-danger">{t`“${path}” is no field you can see.`}</span>
    );
  const { field, label } = known;
  const ask = askOf(part);
  const asks = asksOf(field);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-1.5 phone:grid-cols-[minmax(0,1fr)]">
      <Combobox
        dense
        value={path}
        aria-label={t`Field`}
        options={fields.map((each) => ({ value: each.path, label: each.label }))}
        onChange={(next) => {
          const found = fields.find((each) => each.path === next);
          if (found && found.path !== path) onChange(startPart(found.field, found.path));
        }}
      />
      <Select
        dense
        aria-label={t`${label}: comparison`}
        value={ask}
        options={asks.map((each) => ({ value: each, label: askLabel(each, field) }))}
        onChange={(next) =>
          next && onChange(makePart(field, path, next, isTest(part) ? part.value : undefined))
        }
      />
      <div className="col-span-2 min-w-0 empty:hidden phone:col-span-1">
        <FilterValue
          key={`${path} ${ask}`}
          field={field}
          ask={ask}
          part={part}
          label={label}
          autoFocus={fresh}
          onChange={onChange}
        />
      </div>
    </div>
  );
}
