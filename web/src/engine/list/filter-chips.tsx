/** The filters of a list in words, each with its way out. */
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { Definition, Field } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { isEmpty } from "@/engine/fields/types";
import { askLabel } from "@/engine/list/ask-labels";
import { askOf, daysOfSpan, filterField, type Part, spanOf } from "@/engine/list/filter-model";
import { useSession } from "@/engine/session";
import { countTests, EMPTY, type Filter, isTest } from "@/engine/where";
import { formatDay, formatMoney } from "@/lib/format";

export function FilterChips({
  definition,
  filter,
  onChange,
  onOpen,
}: {
  definition: Definition;
  filter: Filter;
  onChange: (filter: Filter) => void;
  onOpen: () => void;
}) {
  const { t } = useLingui();
  if (filter.parts.length === 0) return null;
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-1.5 border-t border-line px-4 py-1.5 phone:flex-nowrap phone:overflow-x-auto phone:px-3">
      {filter.parts.map((part, at) => (
        <span key={at} className="flex shrink-0 items-center gap-1.5">
          {at > 0 && (
            <span className="text-12 text-faint">{filter.join === "and" ? t`and` : t`or`}</span>
          )}
          <span className="flex h-6 max-w-[360px] items-center rounded-tag bg-bg shadow-control">
            <button
              type="button"
              onClick={onOpen}
              className="flex h-full min-w-0 items-center gap-1 rounded-l-tag pl-2 pr-1.5 text-12 hover:bg-hover"
            >
              <PartText definition={definition} part={part} />
            </button>
            <button
              type="button"
              aria-label={t`Remove this filter`}
              onClick={() => onChange({ ...filter, parts: filter.parts.toSpliced(at, 1) })}
              className="flex h-full w-6 shrink-0 items-center justify-center rounded-r-tag border-l border-line text-faint hover:bg-hover hover:text-fg"
            >
              <X size={12} />
            </button>
          </span>
        </span>
      ))}
      {filter.parts.length > 1 && (
        <button
          type="button"
          onClick={() => onChange(EMPTY)}
          className="h-6 shrink-0 rounded-tag px-1.5 text-12 text-muted hover:bg-hover hover:text-fg"
        >{t`Clear`}</button>
      )}
    </div>
  );
}

function PartText({ definition, part }: { definition: Definition; part: Part }) {
  const { t } = useLingui();
  const { schema } = useSession();
  const span = spanOf(part);
  const path = isTest(part) ? part.path : span?.path;
  if (path === undefined) {
    const count = isTest(part) ? 1 : countTests(part);
    const any = !isTest(part) && part.join === "or";
    return (
      <span className="truncate">
        {any ? t`Any of ${count} conditions` : t`All of ${count} conditions`}
      </span>
    );
  }
  const known = filterField(definition, schema, path);
  if (!known) return <span className="truncate text-danger">{path}</span>;
  const { field, label } = known;
  const value = isTest(part) ? part.value : null;
  const ask = askOf(part);
  const bare = ask === "empty" || ask === "filled";
  return (
    <>
      <span className="shrink-0 font-medium">{label}</span>
      <span className="shrink-0 text-muted">{askLabel(ask, field)}</span>
      {!bare && (
        <span className="flex min-w-0 items-center gap-1 overflow-hidden">
          {span ? (
            <SpanText field={field} part={part} />
          ) : (
            <ValueText field={field} value={value} />
          )}
        </span>
      )}
    </>
  );
}

function SpanText({ field, part }: { field: Field; part: Part }) {
  const span = spanOf(part);
  if (!span) return null;
  const dated = field.type === "date" || field.type === "datetime";
  if (!dated) {
    return (
      <>
        <ValueText field={field} value={span.from} /> – <ValueText field={field} value={span.to} />
      </>
    );
  }
  const { from, to } = daysOfSpan(field, span);
  const text =
    from === to
      ? from && formatDay(from)
      : `${from ? formatDay(from) : "…"} – ${to ? formatDay(to) : "…"}`;
  return <span className="truncate">{text}</span>;
}

function ValueText({ field, value }: { field: Field; value: unknown }) {
  const { settings } = useSession();
  if (isEmpty(value)) return <span className="text-faint">…</span>;
  if (field.type === "money" && typeof value === "number") {
    return <span>{formatMoney({ amount: value, currency: settings.currency.value })}</span>;
  }
  if (Array.isArray(value) && field.type !== "select" && field.type !== "relationship") {
    return <span className="truncate">{value.join(", ")}</span>;
  }
  return <FieldDisplay field={{ ...field, many: Array.isArray(value) }} value={value} />;
}
