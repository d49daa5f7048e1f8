/** Moving, stretching and making things in a calendar. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import {
  type CalendarItem,
  minutesOf,
  type Source,
  wallAt,
  wallBetween,
} from "@/engine/calendar/items";
import { Writes } from "@/engine/writes";
import { formatInstant, instantOf } from "@/lib/format";

export type Span = { start: string; end: string };

export function useChanges(announce: (text: string) => void) {
  const { t } = useLingui();
  const client = useQueryClient();
  return useCallback(
    (item: CalendarItem, span: Span) => {
      if (span.start === item.start && span.end === item.end) return;
      const { source, doc, title } = item;
      const hasEnd = source.end !== undefined && typeof doc[source.end] === "string";
      const start = instantOf(span.start);
      const patch = {
        [source.start]: start,
        ...(source.end && (hasEnd || span.end > span.start)
          ? { [source.end]: instantOf(span.end) }
          : {}),
      };
      const when = formatInstant(start, {
        weekday: "short",
        day: "numeric",
        month: "short",
        hour: "numeric",
        minute: "2-digit",
      });
      const message = t`${title}: ${when}`;
      announce(message);
      void new Writes(client, source.definition)
        .update(doc, patch, { message })
        .catch(() => undefined);
    },
    [client, t, announce],
  );
}

/** The same length, beginning elsewhere. Hours stay hours over a clock change: both ends are wall time. */
export function shifted(item: Span, minutes: number): Span {
  const at = (local: string) => wallAt(local.slice(0, 10), minutesOf(local) + minutes);
  return { start: at(item.start), end: at(item.end) };
}

/** The same hour on another day. */
export function toDay(item: Span, from: string, day: string): Span {
  return shifted(item, wallBetween(`${from}T00:00`, `${day}T00:00`));
}

/** What the create form starts with. */
export async function createAt(source: Source, span: Span): Promise<void> {
  const { openCreate } = await import("@/engine/record/create-dialog");
  openCreate(source.definition.slug, {
    [source.start]: instantOf(span.start),
    ...(source.end ? { [source.end]: instantOf(span.end) } : {}),
  });
}
