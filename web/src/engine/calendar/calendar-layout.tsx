/** A collection as a calendar: by the dates its module names, else by the first it has. */
import { useLingui } from "@lingui/react/macro";
import { CalendarDays, CalendarX } from "lucide-react";
import { useMemo } from "react";
import { Calendar } from "@/engine/calendar/calendar";
import type { Source } from "@/engine/calendar/items";
import type { Definition } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import { type ChangeView, type ViewState, whereOfState } from "@/engine/view-state";
import { EmptyState } from "@/ui/empty";

const HUE = 250;

function sourceOf(definition: Definition, state: ViewState): Source | null {
  const view = viewOf(definition.slug);
  const first = definition.fields.find((field) => field.type === "datetime" && !field.readOnly);
  const start = view?.calendar?.start ?? first?.name;
  if (!start) return null;
  return {
    definition,
    start,
    end: view?.calendar?.end,
    hue: view?.hue ?? HUE,
    icon: view?.icon ?? CalendarDays,
    where: whereOfState(state),
    q: state.q || undefined,
  };
}

export function CalendarLayout({
  definition,
  state,
}: {
  definition: Definition;
  state: ViewState;
  change: ChangeView;
}) {
  const { t } = useLingui();
  const source = useMemo(() => sourceOf(definition, state), [definition, state]);
  if (!source) {
    return (
      <EmptyState
        icon={CalendarX}
        title={t`No dates here`}
        body={t`A calendar needs a field with a date and time, and this collection has none. Look at it as a list.`}
      />
    );
  }
  return <Calendar sources={[source]} />;
}
