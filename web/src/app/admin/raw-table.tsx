/** The table of a raw list: every column, values as the wire has them. One Tab stop; arrows move, Enter opens. */
import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, memo, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { cellText, columnsOf } from "@/app/admin/raw";
import { useAdminPath } from "@/app/admin/scope";
import { type Definition, type Doc, fieldAt } from "@/engine/definitions";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";

/** Kinds the server does not sort by. */
const UNSORTED = new Set(["json", "group", "array", "address"]);

type Props = {
  definition: Definition;
  docs: readonly Doc[];
  sort: string;
  onSort: (sort: string) => void;
};

export function RawTable({ definition, docs, sort, onSort }: Props) {
  const { t } = useLingui();
  const columns = useMemo(() => columnsOf(definition), [definition]);
  const [cursor, setCursor] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (event: KeyboardEvent, to: number) => {
    const next = Math.min(docs.length - 1, Math.max(0, to));
    event.preventDefault();
    setCursor(next);
    body.current?.querySelectorAll<HTMLElement>("a[data-row]")[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: 20,
      PageUp: -20,
    };
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) move(event, cursor + step);
    else if (event.key === "Home") move(event, 0);
    else if (event.key === "End") move(event, docs.length - 1);
  };
  const at = Math.min(cursor, docs.length - 1);
  return (
    <section aria-label={t`Documents`} className="min-h-0 grow overflow-auto">
      <table className="border-separate border-spacing-0 text-left font-mono text-12">
        <thead>
          <tr>
            {columns.map((name) => (
              <Head key={name} name={name} definition={definition} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {docs.map((doc, row) => (
            <Row
              key={doc.id}
              doc={doc}
              columns={columns}
              slug={definition.slug}
              active={row === at}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Head({ name, definition, sort, onSort }: { name: string } & Omit<Props, "docs">) {
  const field = fieldAt(definition, name);
  const down = sort === `-${name}`;
  const up = sort === name;
  const sortable = name === "id" || (field && !field.many && !UNSORTED.has(field.type));
  const className = cx(
    "sticky top-0 z-10 h-8 whitespace-nowrap border-b border-line bg-side px-3 font-medium text-muted",
    name === "id" && "left-0 z-20",
  );
  return (
    <th
      scope="col"
      aria-sort={up ? "ascending" : down ? "descending" : undefined}
      className={className}
    >
      {sortable ? (
        <button
          type="button"
          onClick={() => onSort(up ? `-${name}` : name)}
          className="inline-flex h-7 items-center gap-1 hover:text-fg"
        >
          {name}
          {up && <ArrowUp size={12} aria-hidden />}
          {down && <ArrowDown size={12} aria-hidden />}
        </button>
      ) : (
        name
      )}
    </th>
  );
}

const Row = memo(function Row({
  doc,
  columns,
  slug,
  active,
}: {
  doc: Doc;
  columns: readonly string[];
  slug: string;
  active: boolean;
}) {
  const path = useAdminPath();
  return (
    <tr className="group">
      {columns.map((name) => (
        <td
          key={name}
          title={cellText(doc[name]) || undefined}
          className={cx(
            "h-[30px] max-w-[280px] truncate border-b border-line px-3 group-hover:bg-hover",
            name === "id" && "sticky left-0 z-[5] bg-bg",
            typeof doc[name] === "number" && "text-right tabular-nums",
          )}
        >
          {name === "id" ? (
            <Link
              data-row
              tabIndex={active ? 0 : -1}
              to={path(`${slug}/${doc.id}`)}
              className="text-accent-text hover:underline"
            >
              …{doc.id.slice(-12)}
            </Link>
          ) : (
            <Cell name={name} value={doc[name]} />
          )}
        </td>
      ))}
    </tr>
  );
});

function Cell({ name, value }: { name: string; value: unknown }) {
  const { tenants } = useSession();
  if (value === null || value === undefined) return <span className="text-faint">null</span>;
  if (name === "tenant") return tenants.find((each) => each.id === value)?.name ?? cellText(value);
  return cellText(value);
}
