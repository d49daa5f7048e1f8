/** A collection, raw: every column of every document within reach. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { BookOpen, Plus, Table2, Trash2 } from "lucide-react";
import { Navigate, useNavigate, useParams } from "react-router";
import { type ListPatch, type ListState, useListState } from "@/app/admin/list-state";
import { Pager } from "@/app/admin/pager";
import { rawListOptions } from "@/app/admin/queries";
import { RawTable } from "@/app/admin/raw-table";
import { useAdminDefinition, useAdminPath, useScope } from "@/app/admin/scope";
import { WhereBar } from "@/app/admin/where-bar";
import type { Definition } from "@/engine/definitions";
import { both } from "@/engine/where";
import { useCommands } from "@/lib/keyboard";
import { Problem } from "@/lib/problem";
import { Button, LinkButton } from "@/ui/button";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

export function Component() {
  const { collection } = useParams();
  const { schema } = useScope();
  const definition = useAdminDefinition(collection);
  const path = useAdminPath();
  if (!collection) {
    const first =
      schema.collections.find((each) => each.slug === "contacts") ?? schema.collections[0];
    return first ? <Navigate replace to={path(first.slug)} /> : null;
  }
  if (!definition)
    return <ErrorState error={new Problem("missing", "There is no such collection.")} />;
  return <Collection key={definition.slug} definition={definition} />;
}

function Collection({ definition }: { definition: Definition }) {
  const { t } = useLingui();
  const { tenant } = useScope();
  const { slug } = definition;
  const [state, change] = useListState(definition.defaultSort);
  const where = both(
    state.where ?? undefined,
    state.trash ? { deletedAt: { exists: true } } : undefined,
  );
  const list = useQuery(
    rawListOptions(tenant, slug, {
      sort: state.sort,
      limit: state.limit,
      page: state.page,
      ...(where ? { where } : {}),
      ...(state.trash ? { trash: true } : {}),
    }),
  );
  return (
    <>
      <Tools definition={definition} state={state} change={change} />
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <div className="grid gap-3 p-4" aria-busy="true">
          {Array.from({ length: 12 }, (_, at) => (
            <Skeleton key={at} className="h-4 w-full" />
          ))}
        </div>
      ) : list.data.docs.length === 0 ? (
        <Empty
          definition={definition}
          state={state}
          onClear={() => change({ text: "", trash: false })}
        />
      ) : (
        <RawTable
          definition={definition}
          docs={list.data.docs}
          sort={state.sort}
          onSort={(sort) => change({ sort })}
        />
      )}
      {list.data && (
        <Pager
          page={list.data}
          limit={state.limit}
          onPage={(page) => change({ page })}
          onLimit={(limit) => change({ limit })}
          label={t`Pages of ${slug}`}
        />
      )}
    </>
  );
}

type ToolProps = {
  definition: Definition;
  state: ListState;
  change: (patch: ListPatch) => void;
};

function Tools({ definition, state, change }: ToolProps) {
  const { t } = useLingui();
  const { slug, permissions } = definition;
  const navigate = useNavigate();
  const path = useAdminPath();
  useCommands(
    permissions.create
      ? [
          {
            id: "admin.create",
            title: t`New raw document`,
            group: t`Data admin`,
            keys: "c",
            run: () => void navigate(path(`${slug}/new`)),
          },
        ]
      : [],
  );
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <h2 className="mr-1 font-mono text-13 font-semibold">{slug}</h2>
      <WhereBar definition={definition} text={state.text} onChange={(text) => change({ text })} />
      {definition.trash && (
        <Button
          aria-pressed={state.trash}
          className={state.trash ? "bg-active" : ""}
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => change({ trash: !state.trash })}
        >
          {t`Trash`}
        </Button>
      )}
      <span className="grow" />
      <a
        href={`/api/docs/${slug}`}
        target="_blank"
        rel="noopener"
        className="inline-flex h-7 items-center gap-1.5 rounded-control px-2.5 font-medium text-muted hover:bg-hover hover:text-fg coarse:min-h-11"
      >
        <BookOpen size={14} aria-hidden /> {t`API`}
      </a>
      {permissions.create && (
        <LinkButton
          to={path(`${slug}/new`)}
          variant="primary"
          icon={<Plus size={14} aria-hidden />}
        >
          {t`New`}
        </LinkButton>
      )}
    </div>
  );
}

function Empty({
  definition,
  state,
  onClear,
}: {
  definition: Definition;
  state: ListState;
  onClear: () => void;
}) {
  const { t } = useLingui();
  const path = useAdminPath();
  if (state.trash && !state.where) {
    return (
      <EmptyState
        icon={Trash2}
        title={t`The trash is empty`}
        action={<Button onClick={onClear}>{t`Back to the documents`}</Button>}
      />
    );
  }
  if (state.where) {
    return (
      <EmptyState
        icon={Table2}
        title={t`Nothing fits the filter`}
        action={<Button onClick={onClear}>{t`Clear the filter`}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={Table2}
      title={<Trans>No documents in {definition.slug}</Trans>}
      action={
        definition.permissions.create && (
          <LinkButton to={path(`${definition.slug}/new`)}>{t`Create the first one`}</LinkButton>
        )
      }
    />
  );
}
