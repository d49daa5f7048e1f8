/** The same records as a list, a board or a calendar. */
import { useLingui } from "@lingui/react/macro";
import { CalendarDays, Columns2, Rows3 } from "lucide-react";
import { type Definition, fieldAt } from "@/engine/definitions";
import { type Layout, viewOf } from "@/engine/modules";
import type { ChangeView, ViewState } from "@/engine/view-state";
import { Segmented } from "@/ui/segmented";

/** What a collection can be shown as: what its module says, else what its fields allow. */
export function layoutsOf(definition: Definition): Layout[] {
  const view = viewOf(definition.slug);
  if (view?.layouts) return [...view.layouts];
  const board = definition.fields.some((field) => field.type === "select" && !field.many);
  return board ? ["list", "board"] : ["list"];
}

/** A calendar needs to know which field says when. */
export function mayShow(definition: Definition, layout: Layout): boolean {
  if (!layoutsOf(definition).includes(layout)) return false;
  const start = viewOf(definition.slug)?.calendar?.start;
  return layout !== "calendar" || Boolean(start && fieldAt(definition, start));
}

export function LayoutSwitch({
  definition,
  state,
  change,
}: {
  definition: Definition;
  state: ViewState;
  change: ChangeView;
}) {
  const { t } = useLingui();
  const faces: Record<Layout, { label: string; icon: typeof Rows3 }> = {
    list: { label: t`List`, icon: Rows3 },
    board: { label: t`Board`, icon: Columns2 },
    calendar: { label: t`Calendar`, icon: CalendarDays },
  };
  const layouts = (["list", "board", "calendar"] as const).filter((each) =>
    mayShow(definition, each),
  );
  if (layouts.length < 2) return null;
  return (
    <Segmented
      label={t`Layout`}
      value={state.layout}
      options={layouts.map((value) => {
        const { label, icon: Icon } = faces[value];
        return {
          value,
          icon: <Icon size={14} aria-hidden />,
          label: <span className="phone:sr-only">{label}</span>,
        };
      })}
      onChange={(layout) => change({ layout })}
    />
  );
}
