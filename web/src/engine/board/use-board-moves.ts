/** How cards move on a board: dropped, carried by the keyboard, sent from a menu. And where the focus is. */
import { useLingui } from "@lingui/react/macro";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useCallback, useRef, useState } from "react";
import { type CardQuery, cached, cardsOf } from "@/engine/board/cards";
import { useColumnName } from "@/engine/board/column-name";
import type { BoardColumn } from "@/engine/board/columns";
import { type Landing, useBoardDrops } from "@/engine/board/drag";
import { type Arrow, carry, edge, type KeyColumn, spotOf, step } from "@/engine/board/keys";
import { useMove } from "@/engine/board/use-move";
import type { Definition, Doc } from "@/engine/definitions";
import type { BoardView } from "@/engine/modules";
import { type Command, keyOf, keysOf, useCommands } from "@/lib/keyboard";

type Given = {
  definition: Definition;
  query: CardQuery;
  view: BoardView | undefined;
  figuresKey: QueryKey;
  columns: readonly BoardColumn[];
  ordered: boolean;
  movable: boolean;
  collapsed: ReadonlySet<string>;
  scroller: RefObject<HTMLDivElement | null>;
};

const ARROWS: Record<string, Arrow> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

export function useBoardMoves(given: Given) {
  const client = useQueryClient();
  const nameOf = useColumnName();
  const [current, setCurrent] = useState<string | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const [reveal] = useState(() => new Map<string, (index: number) => void>());
  const latest = useRef(given);
  latest.current = given;

  const keyColumns = useCallback((): KeyColumn[] => {
    const { columns, query, collapsed } = latest.current;
    return columns.map(({ value }) => {
      const docs = collapsed.has(value) ? [] : cardsOf(cached(client, query, value));
      return { value, ids: docs.map((doc) => doc.id) };
    });
  }, [client]);

  const find = useCallback(
    (id: string): { doc: Doc; column: BoardColumn } | null => {
      const { columns, query } = latest.current;
      for (const column of columns) {
        const doc = cardsOf(cached(client, query, column.value)).find((each) => each.id === id);
        if (doc) return { doc, column };
      }
      return null;
    },
    [client],
  );

  const focus = useCallback(
    (id: string) => {
      setCurrent(id);
      focusCard(id, latest.current.scroller.current, () => {
        const spot = spotOf(keyColumns(), id);
        const column = spot && latest.current.columns[spot.column];
        if (spot && column) reveal.get(column.value)?.(spot.index);
      });
    },
    [keyColumns, reveal],
  );

  const byDrag = useRef(false);
  const onShown = useCallback(
    (id: string) => {
      // A dropped card is where the pointer is; one that was carried takes the focus along.
      if (byDrag.current) setCurrent(id);
      else focus(id);
    },
    [focus],
  );
  const move = useMove({
    definition: given.definition,
    query: given.query,
    view: given.view,
    figuresKey: given.figuresKey,
    sum: given.view?.sum,
    ordered: given.ordered,
    announce: setSaid,
    nameOf,
    onShown,
  });

  const put = useCallback(
    (id: string, to: BoardColumn, index: number, dragging: boolean) => {
      const found = find(id);
      if (!found || !latest.current.movable) return;
      byDrag.current = dragging;
      void move({ doc: found.doc, from: found.column, to, index });
    },
    [find, move],
  );

  const onDrop = ({ id, from, to, beside, after }: Landing) => {
    const column = given.columns.find((each) => each.value === to);
    if (!column) return;
    const ids = (keyColumns().find((each) => each.value === to)?.ids ?? []).filter(
      (each) => each !== id,
    );
    if (beside === null && from === to) return;
    const at = beside === null ? -1 : ids.indexOf(beside);
    // Dropped on the column itself, a card goes to its end, where there is an order.
    const end = given.ordered ? ids.length : 0;
    put(id, column, at < 0 ? end : at + (after ? 1 : 0), true);
  };
  useBoardDrops(`${given.definition.slug}.${given.query.by}`, given.scroller, onDrop, setDragged);

  const carryCard = useCallback(
    (arrow: Arrow) => {
      const id = focusedCard();
      if (!id) return;
      const spot = carry(keyColumns(), id, arrow, latest.current.ordered);
      const column = spot && latest.current.columns[spot.column];
      if (spot && column) put(id, column, spot.index, false);
    },
    [keyColumns, put],
  );
  const commands = useCarryCommands(carryCard, given.movable, given.ordered);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!focusedCard() || event.defaultPrevented) return;
    // Here too, because the page's own keys rest while the panel beside the board is open.
    const pressed = keyOf(event.nativeEvent);
    const command = commands.find((each) => keysOf(each) === pressed);
    const next = nextCard(event, keyColumns());
    if (!command && !next) return;
    event.preventDefault();
    event.stopPropagation();
    if (command) command.run();
    else if (next) focus(next);
  };
  const onMoveTo = useCallback(
    (id: string, column: BoardColumn) => put(id, column, 0, false),
    [put],
  );
  return { current, dragged, said, reveal, onFocus: setCurrent, onMoveTo, onKeyDown };
}

function nextCard(event: KeyboardEvent, columns: KeyColumn[]): string | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const id = focusedCard();
  const arrow = ARROWS[event.key];
  if (arrow) return step(columns, id, arrow);
  if (event.key === "Home") return edge(columns, id, false);
  return event.key === "End" ? edge(columns, id, true) : null;
}

function useCarryCommands(
  run: (arrow: Arrow) => void,
  movable: boolean,
  ordered: boolean,
): Command[] {
  const { t } = useLingui();
  const make = (arrow: Arrow, title: string): Command => ({
    id: `board.${arrow}`,
    title,
    group: t`Board`,
    keys: `alt+arrow${arrow}`,
    hidden: true,
    run: () => run(arrow),
  });
  const across = [make("left", t`Move card to the left`), make("right", t`Move card to the right`)];
  const along = ordered ? [make("up", t`Move card up`), make("down", t`Move card down`)] : [];
  const commands = movable ? [...across, ...along] : [];
  useCommands(commands);
  return commands;
}

/** The card whose link has the focus. */
function focusedCard(): string | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLAnchorElement)) return null;
  return active.closest<HTMLElement>("[data-card]")?.dataset.card ?? null;
}

/** A moved card is drawn in its new column a frame later, and farther down only when scrolled to. */
function focusCard(id: string, board: HTMLElement | null, reveal: () => void, tries = 6): void {
  const link = board?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] a`);
  if (link && document.activeElement !== link) {
    link.focus({ preventScroll: false });
    link.closest("[data-column]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  if (tries === 0) return;
  if (!link) reveal();
  if (!link || tries > 3) requestAnimationFrame(() => focusCard(id, board, reveal, tries - 1));
}
