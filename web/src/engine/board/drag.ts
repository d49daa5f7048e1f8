/** Dragging cards: what is dragged, where it would land, and scrolling along at the edges. */
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  type ElementDropTargetEventBasePayload,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import {
  attachClosestEdge,
  extractClosestEdge,
} from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { type RefObject, useEffect, useRef, useState } from "react";

/** One board's cards cannot be dropped on another's. */
const KIND = Symbol("board card");

type Dragged = { kind: symbol; board: string; id: string; column: string };
export type Landing = {
  id: string;
  from: string;
  to: string;
  beside: string | null;
  after: boolean;
};

function read(data: Record<string | symbol, unknown>): Dragged | null {
  return data.kind === KIND ? (data as Dragged) : null;
}

export type CardDrag = { dragging: boolean; edge: "top" | "bottom" | null };

const STILL: CardDrag = { dragging: false, edge: null };

/** Makes a card one that can be dragged and dropped upon. */
export function useCardDrag(
  ref: RefObject<HTMLElement | null>,
  card: { board: string; id: string; column: string; ordered: boolean; enabled: boolean },
): CardDrag {
  const [state, setState] = useState<CardDrag>(STILL);
  const { board, id, column, ordered, enabled } = card;
  useEffect(() => {
    const element = ref.current;
    if (!element || !enabled) return;
    const data = { kind: KIND, board, id, column };
    const follow = ({ self, source }: ElementDropTargetEventBasePayload) => {
      const edge = source.data.id === id ? null : extractClosestEdge(self.data);
      const shown = edge === "top" || edge === "bottom" ? edge : null;
      setState((held) => (held.edge === shown ? held : { ...held, edge: shown }));
    };
    return combine(
      draggable({
        element,
        getInitialData: () => data,
        onDragStart: () => setState({ dragging: true, edge: null }),
        onDrop: () => setState(STILL),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => ordered && read(source.data)?.board === board,
        getData: ({ input }) =>
          attachClosestEdge(data, { element, input, allowedEdges: ["top", "bottom"] }),
        onDragEnter: follow,
        onDrag: follow,
        onDragLeave: () => setState((held) => ({ ...held, edge: null })),
        onDrop: () => setState((held) => ({ ...held, edge: null })),
      }),
    );
  }, [ref, board, id, column, ordered, enabled]);
  return state;
}

/** Makes a column one that cards can be dropped into; tells whether one hangs over it. */
export function useColumnDrop(
  ref: RefObject<HTMLElement | null>,
  column: { board: string; value: string; enabled: boolean },
): boolean {
  const [over, setOver] = useState(false);
  const { board, value, enabled } = column;
  useEffect(() => {
    const element = ref.current;
    if (!element || !enabled) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => read(source.data)?.board === board,
      getData: () => ({ kind: KIND, board, column: value }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [ref, board, value, enabled]);
  return over;
}

/** Listens to drops on a board, and scrolls while a card is held near an edge. */
export function useBoardDrops(
  board: string,
  scroller: RefObject<HTMLElement | null>,
  onDrop: (landing: Landing) => void,
  onDragging: (id: string | null) => void,
): void {
  const latest = useRef({ onDrop, onDragging });
  latest.current = { onDrop, onDragging };
  useEffect(() => {
    const scroll = new AutoScroll(() => scroller.current);
    const stop = monitorForElements({
      canMonitor: ({ source }) => read(source.data)?.board === board,
      onDragStart: ({ source, location }) => {
        latest.current.onDragging(String(source.data.id));
        scroll.follow(location.current.input);
        scroll.start();
      },
      onDrag: ({ location }) => scroll.follow(location.current.input),
      onDrop: ({ source, location }) => {
        scroll.stop();
        latest.current.onDragging(null);
        const dragged = read(source.data);
        const [target, ...outer] = location.current.dropTargets;
        if (!dragged || !target) return;
        const column = [target, ...outer].at(-1)?.data.column;
        const beside = typeof target.data.id === "string" ? target.data.id : null;
        if (typeof column !== "string" || beside === dragged.id) return;
        latest.current.onDrop({
          id: dragged.id,
          from: dragged.column,
          to: column,
          beside,
          after: extractClosestEdge(target.data) === "bottom",
        });
      },
    });
    return () => {
      scroll.stop();
      stop();
    };
  }, [board, scroller]);
}

/** How near to an edge scrolling begins, and how far it goes in a frame at most. */
const NEAR = 72;
const FASTEST = 18;

class AutoScroll {
  private readonly board: () => HTMLElement | null;
  private at: { clientX: number; clientY: number } | null = null;
  private frame = 0;

  constructor(board: () => HTMLElement | null) {
    this.board = board;
  }

  follow(input: { clientX: number; clientY: number }): void {
    this.at = input;
  }

  start(): void {
    const turn = () => {
      this.step();
      this.frame = requestAnimationFrame(turn);
    };
    this.frame = requestAnimationFrame(turn);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.at = null;
  }

  private step(): void {
    const board = this.board();
    if (!board || !this.at) return;
    const { clientX, clientY } = this.at;
    const box = board.getBoundingClientRect();
    board.scrollLeft += push(clientX, box.left, box.right);
    for (const column of board.querySelectorAll<HTMLElement>("[data-cards]")) {
      const inner = column.getBoundingClientRect();
      if (clientX < inner.left || clientX > inner.right) continue;
      column.scrollTop += push(clientY, inner.top, inner.bottom);
    }
  }
}

/** Faster the nearer to the edge. */
export function push(at: number, start: number, end: number): number {
  const near = Math.min(NEAR, (end - start) / 4);
  if (at < start + near) return -Math.min(1, (start + near - at) / near) * FASTEST;
  if (at > end - near) return Math.min(1, (at - (end - near)) / near) * FASTEST;
  return 0;
}
