/** Rows on a phone: a card of two lines each; a long press chooses. */
import { useLingui } from "@lingui/react/macro";
import { Check, ChevronRight } from "lucide-react";
import { Fragment, memo, type PointerEvent, type RefObject, useRef } from "react";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import type { Col } from "@/engine/list/columns";
import { GroupLabel } from "@/engine/list/group-label";
import type { Groups } from "@/engine/list/groups";
import type { Range, Rows } from "@/engine/list/rows";
import { type Choose, sizeOf } from "@/engine/list/selection";
import { TitleFace } from "@/engine/list/title-cell";
import { CARD_HEIGHT } from "@/engine/list/window";
import { RecordLink } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";
import { label } from "@/lib/i18n";

const PRESS = 450;
/** Fields on the second line. */
const DETAILS = 2;

type Props = {
  scroller: RefObject<HTMLDivElement | null>;
  definition: Definition;
  cols: readonly Col[];
  rows: Rows;
  groups: Groups | null;
  range: Range;
  choose: Choose;
  selectable: boolean;
};

export function Cards({
  scroller,
  definition,
  cols,
  rows,
  groups,
  range,
  choose,
  selectable,
}: Props) {
  const choosing = sizeOf(choose.selection, rows.count) > 0;
  const press = usePress((index) => {
    const doc = rows.docAt(index);
    if (doc && selectable) choose.toggle([doc]);
  }, choosing);
  const cards = [];
  for (let index = range.first; index <= Math.min(range.last, rows.count - 1); index++) {
    const row = rows.at(index);
    const style = { transform: `translateY(${index * CARD_HEIGHT}px)`, height: CARD_HEIGHT };
    const head = row?.head === undefined ? undefined : groups?.groups[row.head];
    cards.push(
      <li
        key={index}
        className="absolute inset-x-0 border-b border-line"
        style={style}
        data-row={index}
      >
        {row?.head !== undefined && groups && head ? (
          <button
            type="button"
            aria-expanded={groups.sections[row.head]?.open}
            onClick={() => groups.toggle(row.head ?? 0)}
            className="flex size-full items-center gap-2 bg-side px-4 font-medium"
          >
            <ChevronRight
              size={15}
              aria-hidden
              className={cx("text-faint", groups.sections[row.head]?.open && "rotate-90")}
            />
            <GroupLabel by={groups.by} group={head} />
            <span className="text-12 text-muted">{formatNumber(head.count)}</span>
          </button>
        ) : row?.doc ? (
          <Card
            definition={definition}
            doc={row.doc}
            cols={cols}
            chosen={choose.has(row.doc.id)}
            choosing={choosing}
          />
        ) : (
          <Ghost index={index} />
        )}
      </li>,
    );
  }
  return (
    <div
      ref={scroller}
      data-scroller=""
      data-collection={definition.slug}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      role="region"
      aria-label={label(definition.labels.plural)}
      className="min-h-0 grow overflow-auto outline-none [overflow-anchor:none]"
    >
      <ul className="relative" style={{ height: rows.count * CARD_HEIGHT }} {...press}>
        {cards}
      </ul>
    </div>
  );
}

const Card = memo(function Card({
  definition,
  doc,
  cols,
  chosen,
  choosing,
}: {
  definition: Definition;
  doc: Doc;
  cols: readonly Col[];
  chosen: boolean;
  choosing: boolean;
}) {
  const { t } = useLingui();
  const details = cols.filter((col) => !col.isTitle && !isEmpty(valueAt(doc, col.path)));
  const tag = details.find((col) => col.field.type === "select" && !col.field.many);
  const amount = details.find((col) => col.field.type === "money");
  const others = details.filter((col) => col !== tag && col !== amount).slice(0, DETAILS);
  return (
    <div
      className={cx("relative flex size-full items-center gap-3 px-4", chosen && "bg-accent-tint")}
    >
      {choosing && (
        <span
          role="checkbox"
          tabIndex={-1}
          aria-checked={chosen}
          aria-label={t`Select ${titleOf(definition, doc)}`}
          className={cx(
            "flex size-5 shrink-0 items-center justify-center rounded-full ring-1 ring-inset",
            chosen ? "bg-accent text-accent-fg ring-accent" : "ring-edge",
          )}
        >
          {chosen && <Check size={13} aria-hidden />}
        </span>
      )}
      <TitleFace definition={definition} doc={doc} />
      <div className="min-w-0 grow">
        <RecordLink
          slug={definition.slug}
          id={doc.id}
          className="block truncate text-14 font-medium after:absolute after:inset-0"
        >
          {titleOf(definition, doc)}
        </RecordLink>
        <p className="mt-0.5 truncate text-12 text-muted">
          {others.map((col, at) => (
            <Fragment key={col.path}>
              {at > 0 && " · "}
              <Detail doc={doc} col={col} />
            </Fragment>
          ))}
        </p>
      </div>
      <div className="flex max-w-[40%] shrink-0 flex-col items-end gap-1">
        {[amount, tag].map(
          (col) =>
            col && (
              <col.view.Display key={col.path} field={col.field} value={valueAt(doc, col.path)} />
            ),
        )}
      </div>
    </div>
  );
});

/** In words; a moment as it is read, not as it is typed. */
function Detail({ doc, col: { path, field, view } }: { doc: Doc; col: Col }) {
  const value = valueAt(doc, path);
  if (field.type !== "date" && field.type !== "datetime") return view.text(value, field);
  return <view.Display field={field} value={value} />;
}

function Ghost({ index }: { index: number }) {
  return (
    <div className="flex h-full flex-col justify-center gap-2 px-4" aria-busy="true">
      <span className="h-3 rounded-full bg-hover" style={{ width: `${35 + (index % 4) * 8}%` }} />
      <span
        className="h-2.5 rounded-full bg-hover"
        style={{ width: `${50 + (index % 3) * 10}%` }}
      />
    </div>
  );
}

/** A finger that rests chooses; once something is chosen a tap does. */
function usePress(choose: (index: number) => void, choosing: boolean) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const held = useRef(false);
  const indexOf = (target: EventTarget) => {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
    return row ? Number(row.dataset.row) : null;
  };
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event: PointerEvent) => {
      held.current = false;
      const index = indexOf(event.target);
      stop();
      if (index === null) return;
      timer.current = setTimeout(() => {
        held.current = true;
        navigator.vibrate?.(10);
        choose(index);
      }, PRESS);
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerMove: (event: PointerEvent) => {
      if (Math.abs(event.movementX) + Math.abs(event.movementY) > 6) stop();
    },
    onContextMenu: (event: React.MouseEvent) => event.preventDefault(),
    onClickCapture: (event: React.MouseEvent) => {
      const index = indexOf(event.target);
      if (!held.current && !choosing) return;
      event.preventDefault();
      event.stopPropagation();
      if (!held.current && index !== null) choose(index);
      held.current = false;
    },
  };
}
