/** A card of a board. Its title is a link that covers it, so that a click anywhere opens the record. */
import { Plural, useLingui } from "@lingui/react/macro";
import { AlertCircle, Clock } from "lucide-react";
import { type ComponentType, type MouseEvent, memo, type ReactNode, useRef } from "react";
import { Link } from "react-router";
import { type CardFields, daysSince, isOpen, isOverdue } from "@/engine/board/card-fields";
import { CardMenu } from "@/engine/board/card-menu";
import type { BoardColumn } from "@/engine/board/columns";
import { useCardDrag } from "@/engine/board/drag";
import { type Definition, type Doc, type Field, valueAt } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { fieldView } from "@/engine/fields/registry";
import { isEmpty } from "@/engine/fields/types";
import { useOpenRecord, useRecordPath } from "@/engine/record-link";
import { isDoc, titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { formatDay, formatInstant } from "@/lib/format";
import { label } from "@/lib/i18n";
import { Avatar } from "@/ui/avatar";

/** From here on a card has waited long enough to be looked at. */
const LONG = 30;

export type CardProps = {
  doc: Doc;
  definition: Definition;
  fields: CardFields;
  column: BoardColumn;
  columns: readonly BoardColumn[];
  board: string;
  ordered: boolean;
  movable: boolean;
  /** The one card that Tab leads to. */
  current: boolean;
  /** Since when it stands in its column. */
  since: string | undefined;
  body: ComponentType<{ doc: Doc }> | undefined;
  onFocus: (id: string) => void;
  onMoveTo: (id: string, column: BoardColumn) => void;
};

export const Card = memo(function Card(props: CardProps) {
  const { doc, definition, column, board, ordered, movable, current, body: Body } = props;
  const ref = useRef<HTMLDivElement>(null);
  const { dragging, edge } = useCardDrag(ref, {
    board,
    id: doc.id,
    column: column.value,
    ordered,
    enabled: movable,
  });
  const open = useOpenRecord();
  const to = useRecordPath()(definition.slug, doc.id);
  const title = titleOf(definition, doc);
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(definition.slug, doc.id);
  };
  return (
    <div ref={ref} data-card={doc.id} className={cx("group relative", dragging && "opacity-40")}>
      {edge && <DropLine edge={edge} />}
      <article className="relative grid gap-1.5 rounded-card bg-raise p-3 shadow-card transition-shadow duration-100 hover:shadow-[0_0_0_1px_var(--edge),0_2px_6px_oklch(0_0_0/0.06)] has-[a:focus-visible]:shadow-[0_0_0_2px_var(--accent)]">
        <div className="flex items-start gap-2">
          <Link
            to={to}
            draggable={false}
            tabIndex={current ? 0 : -1}
            onClick={onClick}
            onFocus={() => props.onFocus(doc.id)}
            aria-keyshortcuts={
              movable ? "Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown" : undefined
            }
            className="line-clamp-2 min-w-0 grow font-medium outline-none after:absolute after:inset-0 after:rounded-card after:content-['']"
          >
            {title}
          </Link>
          <CardMenu
            doc={doc}
            definition={definition}
            column={column}
            columns={props.columns}
            movable={movable}
            onMoveTo={props.onMoveTo}
          />
        </div>
        {Body ? <Body doc={doc} /> : <Facts {...props} />}
      </article>
    </div>
  );
});

function DropLine({ edge }: { edge: "top" | "bottom" }) {
  return (
    <span
      aria-hidden
      className={cx(
        "pointer-events-none absolute inset-x-0 z-10 h-0.5 rounded-full bg-accent",
        edge === "top" ? "-top-[5px]" : "-bottom-[5px]",
      )}
    />
  );
}

function Facts({ doc, fields, column, since }: CardProps) {
  const { who, amount, date, note, person, tags } = fields;
  const partner = who.find((field) => isDoc(doc[field.name]));
  // What is as usual is not worth a tag.
  const shownTags = tags.filter(
    (field) => !isEmpty(doc[field.name]) && doc[field.name] !== field.default,
  );
  const age = isOpen(doc, column.doc) ? daysSince(since) : null;
  const money = amount && valueAt(doc, amount.name);
  const foot =
    !isEmpty(money) || (date && !isEmpty(doc[date.name])) || (person && isDoc(doc[person.name]));
  return (
    <>
      {(partner || age !== null) && (
        <div className="flex min-w-0 items-center gap-2 text-muted">
          {partner && <Who field={partner} doc={doc} />}
          {age !== null && age > 0 && <Age days={age} column={column.label} />}
        </div>
      )}
      {shownTags.length > 0 && (
        <div className="flex flex-wrap gap-1">
          {shownTags.map((field) => (
            <FieldDisplay key={field.name} field={field} value={doc[field.name]} />
          ))}
        </div>
      )}
      {foot && (
        <div className="flex min-h-5 items-center gap-2 pt-0.5">
          {amount && !isEmpty(money) && (
            <span className="min-w-0 truncate font-semibold tabular-nums">
              <FieldDisplay field={amount} value={money} />
            </span>
          )}
          {isEmpty(money) && note && !isEmpty(doc[note.name]) && (
            <span className="min-w-0 truncate text-12 text-muted">
              {fieldView(note).text(doc[note.name], note)}
            </span>
          )}
          <span className="grow" />
          {date && <When doc={doc} field={date} column={column.doc} />}
          {person && <Person field={person} value={doc[person.name]} />}
        </div>
      )}
    </>
  );
}

function Who({ field, doc }: { field: Field; doc: Doc }) {
  const value = doc[field.name];
  const name = isDoc(value) ? titleOf(undefined, value) : "";
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Avatar name={name} size={20} square={field.relationTo === "companies"} />
      <span className="truncate">{name}</span>
    </span>
  );
}

function Age({ days, column }: { days: number; column: string }) {
  const { t } = useLingui();
  return (
    <span
      title={t`Days in ${column}: ${days}`}
      className={cx(
        "relative z-[1] ml-auto flex shrink-0 items-center gap-1 text-12",
        days >= LONG ? "font-medium text-warn" : "text-faint",
      )}
    >
      {days >= LONG && <Clock size={12} aria-hidden />}
      <span aria-hidden>{t`${days} d`}</span>
      <span className="sr-only">
        <Plural value={days} one="# day in this column" other="# days in this column" />
      </span>
    </span>
  );
}

function When({ doc, field, column }: { doc: Doc; field: Field; column: Doc | undefined }) {
  const { t } = useLingui();
  const value = doc[field.name];
  if (typeof value !== "string") return null;
  const late = isOverdue(doc, field, column);
  const text = field.type === "date" ? formatDay(value) : formatInstant(value, SHORT);
  const name = label(field.label);
  return (
    <Marked late={late} title={`${name}: ${fieldView(field).text(value, field)}`}>
      {late && <span>{t`Overdue`}</span>}
      <time dateTime={value}>{text}</time>
    </Marked>
  );
}

const SHORT: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

function Marked({ late, title, children }: { late: boolean; title: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={cx(
        "relative z-[1] flex shrink-0 items-center gap-1 text-12",
        late ? "font-medium text-danger" : "text-muted",
      )}
    >
      {late && <AlertCircle size={12} aria-hidden />}
      {children}
    </span>
  );
}

function Person({ field, value }: { field: Field; value: unknown }) {
  if (!isDoc(value)) return null;
  const name = titleOf(undefined, value);
  return (
    <span title={`${label(field.label)}: ${name}`} className="relative z-[1] flex">
      <Avatar name={name} size={20} />
      <span className="sr-only">{`${label(field.label)}: ${name}`}</span>
    </span>
  );
}
