/** What every way of drawing a calendar is given. */
import type { KeyboardEvent } from "react";
import type { CalendarItem } from "@/engine/calendar/items";
import type { Span } from "@/engine/calendar/use-changes";
import type { Place } from "@/engine/calendar/use-place";

export type GridProps = {
  place: Place;
  items: readonly CalendarItem[];
  onChange: (item: CalendarItem, span: Span) => void;
  /** On a day, or from one time to another. */
  onCreate: (day: string, span: Span | null) => void;
  onKeyDown: (event: KeyboardEvent) => void;
};
