/** The edge of a column that is pulled to widen it; a double click gives back its usual width. */
import type { PointerEvent } from "react";
import { type Col, MIN_WIDTH } from "@/engine/list/columns";

export function ColumnEdge({
  col,
  onResize,
}: {
  col: Col;
  onResize: (path: string, width: number, done: boolean) => void;
}) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget;
    const from = event.clientX;
    const start = edge.parentElement?.offsetWidth ?? col.width;
    const width = (at: number) => Math.max(MIN_WIDTH, start + at - from);
    edge.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) =>
      onResize(col.path, width(moved.clientX), false);
    const up = (released: globalThis.PointerEvent) => {
      edge.removeEventListener("pointermove", move);
      edge.removeEventListener("pointerup", up);
      if (released.clientX !== from) onResize(col.path, width(released.clientX), true);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", up);
  };
  return (
    <div
      aria-hidden
      draggable
      onDragStart={(event) => {
        // The edge is pulled, not the column.
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={onPointerDown}
      onDoubleClick={() => onResize(col.path, 0, true)}
      className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize after:absolute after:inset-y-2 after:left-[3.5px] after:w-px after:bg-transparent group-hover/headrow:after:bg-line hover:after:inset-y-0 hover:after:w-0.5 hover:after:bg-accent group-hover/head:after:bg-edge"
    />
  );
}
