/** A collection: its records as a list, a board or a calendar, in whichever view the address names. */
import { useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { type Definition, fieldAt } from "@/engine/definitions";
import { createRecord } from "@/engine/list/empty-list";
import { pruned, startPart } from "@/engine/list/filter-model";
import { LayoutSwitch, mayShow } from "@/engine/list/layouts";
import { ListLayout, type ListTotal } from "@/engine/list/list";
import { Toolbar } from "@/engine/list/toolbar";
import { useDefinition } from "@/engine/session";
import { useViewBase, useViewState } from "@/engine/view-state";
import { formatNumber } from "@/lib/format";
import { label } from "@/lib/i18n";
import { useCommands } from "@/lib/keyboard";
import { Problem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/empty";
import { PageHeader } from "@/ui/page-header";
import { Skeleton } from "@/ui/skeleton";

const Board = lazy(async () => ({ default: (await import("@/engine/board/board")).Board }));
const CalendarLayout = lazy(async () => ({
  default: (await import("@/engine/calendar/calendar-layout")).CalendarLayout,
}));

export function Component() {
  const { collection = "" } = useParams();
  const definition = useDefinition(collection);
  if (!definition?.permissions.read) {
    return <ErrorState error={new Problem("missing", "There is no such collection.")} />;
  }
  // Another collection is another page: nothing of the former is kept.
  return <CollectionPage key={definition.slug} definition={definition} />;
}

export function CollectionPage({ definition }: { definition: Definition }) {
  const { t } = useLingui();
  const [state, change] = useViewState(definition);
  const { pending } = useViewBase(definition);
  const [total, setTotal] = useState<ListTotal | null>(null);
  const [filtering, setFiltering] = useState(false);
  useNamedView(state.view);
  const name = label(definition.labels.plural);
  const singular = label(definition.labels.singular).toLowerCase();
  const { create } = definition.permissions;
  const layout = mayShow(definition, state.layout) ? state.layout : "list";
  const shown = useMemo(() => ({ ...state, layout }), [state, layout]);
  const onFiltering = (open: boolean) => {
    setFiltering(open);
    // Rows that say nothing yet are let go with the builder.
    if (!open && pruned(state.filter).parts.length !== state.filter.parts.length) {
      change({ filter: pruned(state.filter) });
    }
  };
  const onFilter = useCallback(
    (path: string) => {
      const field = fieldAt(definition, path);
      if (!field) return;
      const { filter } = state;
      change({ filter: { ...filter, parts: [...filter.parts, startPart(field, path)] } });
      setFiltering(true);
    },
    [definition, state, change],
  );
  useCommands(
    create
      ? [
          {
            id: "list.create",
            title: t`New ${singular}`,
            group: t`List`,
            keys: "c",
            icon: Plus,
            run: () => void createRecord(definition.slug),
          },
        ]
      : [],
  );
  return (
    <>
      <title>{`${name} · Mainstay`}</title>
      <PageHeader
        title={name}
        {...(layout === "list" && total ? { count: totalText(total) } : {})}
        below={
          <Toolbar
            definition={definition}
            state={shown}
            change={change}
            filtering={filtering}
            onFiltering={onFiltering}
          />
        }
      >
        <LayoutSwitch definition={definition} state={shown} change={change} />
        {create && (
          <Button
            variant="primary"
            icon={<Plus size={15} />}
            aria-label={t`New ${singular}`}
            onClick={() => void createRecord(definition.slug)}
          >
            <span className="phone:hidden">{t`New ${singular}`}</span>
          </Button>
        )}
      </PageHeader>
      {pending ? (
        <LayoutSkeleton />
      ) : layout === "list" ? (
        <ListLayout
          definition={definition}
          state={shown}
          change={change}
          onTotal={setTotal}
          onFilter={onFilter}
        />
      ) : (
        <Suspense fallback={<LayoutSkeleton />}>
          {layout === "board" ? (
            <Board definition={definition} state={shown} change={change} />
          ) : (
            <CalendarLayout definition={definition} state={shown} change={change} />
          )}
        </Suspense>
      )}
    </>
  );
}

/** Beyond what is counted the number is a floor. */
function totalText({ count, capped }: ListTotal): string {
  return `${formatNumber(count)}${capped ? "+" : ""}`;
}

/** A view one starts with is written into the address, so that the address means the same to others. */
function useNamedView(view: string | null): void {
  const [params, setParams] = useSearchParams();
  const missing = view !== null && !params.has("view");
  useEffect(() => {
    if (!missing) return;
    setParams(
      (former) => {
        const next = new URLSearchParams(former);
        next.set("view", view);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  }, [missing, view, setParams]);
}

function LayoutSkeleton() {
  return (
    <div className="grid gap-3 p-4" aria-busy="true">
      {[80, 64, 72, 56, 68].map((width) => (
        <Skeleton key={width} className="h-4" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
