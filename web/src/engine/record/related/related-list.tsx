/** Documents that point at the record, as a small table: the title leads to each, a button adds one. */
import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo } from "react";
import { type Definition, type Doc, type Field, fieldAt, valueAt } from "@/engine/definitions";
import { fetchList, keys, type ListQuery } from "@/engine/documents";
import { FieldDisplay } from "@/engine/fields/field";
import { fieldView } from "@/engine/fields/registry";
import { viewOf } from "@/engine/modules";
import { openCreate } from "@/engine/record/create/open";
import { linksFrom } from "@/engine/record/links";
import type { Related } from "@/engine/record/related/use-related";
import { RecordLink } from "@/engine/record-link";
import { useSession } from "@/engine/session";
import { populateOf, selectOf, titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

const PAGE = 25;
/** Not worth a column here. */
const LONG = new Set(["json", "array", "group", "textarea", "address"]);
const FACES: Record<string, boolean> = { contacts: false, users: false, companies: true };

type Props = { definition: Definition; doc: Doc; related: Related; narrow: boolean };

/** What to show beside the title: as the collection's own list has it, without what is the same in each row. */
function columnsOf(target: Definition, by: Field, most: number): Field[] {
  const names = viewOf(target.slug)?.columns ?? target.fields.map((field) => field.name);
  return names
    .flatMap((name) => fieldAt(target, name) ?? [])
    .filter((field) => field.name !== by.name && field.name !== target.title)
    .filter((field) => !LONG.has(field.type) && !field.writeOnly)
    .slice(0, most);
}

export function RelatedList({ definition, doc, related, narrow }: Props) {
  const { t } = useLingui();
  const { schema } = useSession();
  const { target, by } = related;
  const columns = useMemo(() => columnsOf(target, by, narrow ? 2 : 4), [target, by, narrow]);
  const query: ListQuery = {
    where: { [by.name]: { [by.many ? "in" : "equals"]: doc.id } },
    sort: target.defaultSort,
    limit: PAGE,
    select: selectOf([target.title, ...columns.map((field) => field.name)]),
    populate: populateOf(schema, columns),
  };
  const list = useInfiniteQuery({
    queryKey: [...keys.list(target.slug, query), "endless"],
    queryFn: ({ pageParam, signal }) =>
      fetchList(target.slug, { ...query, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.hasNextPage ? last.page + 1 : undefined),
  });
  const singular = label(target.labels.singular);
  const lower = singular.toLowerCase();
  const add = target.permissions.create ? (
    <Button
      size="sm"
      icon={<Plus size={14} />}
      onClick={() => void openCreate(target.slug, linksFrom(target, by.name, definition, doc))}
    >
      {t`Add ${lower}`}
    </Button>
  ) : null;
  if (list.error && !list.data) {
    return <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) return <Rows />;
  const docs = list.data.pages.flatMap((page) => page.docs);
  if (docs.length === 0) {
    const plural = label(target.labels.plural).toLowerCase();
    return (
      <EmptyState
        compact
        {...iconOf(target.slug)}
        title={t`No ${plural} yet`}
        body={add ? t`Add the first: it is linked to this record.` : undefined}
        action={add}
      />
    );
  }
  return (
    <div>
      {add && <div className="-mt-1 mb-2 flex justify-end">{add}</div>}
      <table className="w-full table-fixed">
        <thead>
          <tr className="border-b border-line text-12 text-muted">
            <Th>{label(fieldAt(target, target.title)?.label ?? singular)}</Th>
            {columns.map((field) => (
              <Th key={field.name} end={fieldView(field).align === "end"} aside>
                {label(field.label)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {docs.map((each) => (
            <Row key={each.id} target={target} doc={each} columns={columns} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button
          variant="ghost"
          className="mt-2 w-full"
          pending={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t`Show more`}
        </Button>
      )}
    </div>
  );
}

function iconOf(slug: string) {
  const icon = viewOf(slug)?.icon;
  return icon ? { icon } : {};
}

function Th({
  end,
  aside,
  children,
}: {
  end?: boolean;
  aside?: boolean;
  children: React.ReactNode;
}) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 truncate px-2 font-medium first:pl-0 last:pr-0",
        end ? "text-right" : "text-left",
        aside && "w-[19%] phone:w-[36%] phone:[&:nth-child(n+3)]:hidden",
      )}
    >
      {children}
    </th>
  );
}

function Row({
  target,
  doc,
  columns,
}: {
  target: Definition;
  doc: Doc;
  columns: readonly Field[];
}) {
  const title = titleOf(target, doc);
  const square = FACES[target.slug];
  return (
    <tr className="group border-b border-line last:border-0 hover:bg-hover">
      <td className="h-9 p-0 coarse:h-11">
        <RecordLink
          slug={target.slug}
          id={doc.id}
          className="flex h-9 min-w-0 items-center gap-2 pr-2 font-medium underline-offset-2 hover:underline decoration-edge coarse:h-11"
        >
          {square !== undefined && <Avatar name={title} size={20} square={square} />}
          <span className="truncate">{title}</span>
        </RecordLink>
      </td>
      {columns.map((field) => (
        <td
          key={field.name}
          className={cx(
            "truncate px-2 last:pr-0 phone:[&:nth-child(n+3)]:hidden",
            fieldView(field).align === "end" && "text-right",
          )}
        >
          <span className={cx("flex min-w-0", fieldView(field).align === "end" && "justify-end")}>
            <FieldDisplay field={field} value={valueAt(doc, field.name)} />
          </span>
        </td>
      ))}
    </tr>
  );
}

function Rows() {
  return (
    <div className="grid gap-3 py-2" aria-busy="true">
      {Array.from({ length: 5 }, (_, at) => (
        <Skeleton key={at} className="h-5" />
      ))}
    </div>
  );
}
