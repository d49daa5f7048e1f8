/** TEMPORARY (board helper): deleted at the end. */
import { useParams } from "react-router";
import { Board } from "@/engine/board/board";
import { CalendarLayout } from "@/engine/calendar/calendar-layout";
import type { Definition } from "@/engine/definitions";
import { useDefinition } from "@/engine/session";
import { useViewState } from "@/engine/view-state";
import { PageHeader } from "@/ui/page-header";

function Inner({ definition }: { definition: Definition }) {
  const [state, change] = useViewState(definition);
  const props = { definition, state, change };
  return (
    <div className="flex min-h-0 grow flex-col">
      <PageHeader title={definition.labels.plural} />
      {state.layout === "calendar" ? <CalendarLayout {...props} /> : <Board {...props} />}
    </div>
  );
}
export function Component() {
  const { collection = "" } = useParams();
  const definition = useDefinition(collection);
  return definition ? <Inner definition={definition} /> : null;
}
