/** Appointments and tasks in one calendar, each to be shown or not. */
import { useLingui } from "@lingui/react/macro";
import { Check, Plus } from "lucide-react";
import { type CSSProperties, useMemo } from "react";
import { useSearchParams } from "react-router";
import { Calendar } from "@/engine/calendar/calendar";
import type { Source } from "@/engine/calendar/items";
import { viewOf } from "@/engine/modules";
import { useDefinition, useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { Problem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/empty";
import { PageHeader } from "@/ui/page-header";
import { Select } from "@/ui/select";

/** The collections with dates, and whose each document is. */
const KINDS = [
  { slug: "appointments", person: "organizer" },
  { slug: "tasks", person: "assignee" },
] as const;

export function Component() {
  const { t } = useLingui();
  const { user } = useSession();
  const appointments = useDefinition("appointments");
  const tasks = useDefinition("tasks");
  const [params, setParams] = useSearchParams();
  const hidden = params.get("hide");
  const mine = params.get("whose") === "me";
  const sources = useMemo(() => {
    const known = [appointments, tasks].filter((each) => each?.permissions.read);
    return KINDS.flatMap<Source>(({ slug, person }) => {
      const definition = known.find((each) => each?.slug === slug);
      const view = viewOf(slug);
      if (!definition || !view?.calendar) return [];
      const { icon, hue = 250, calendar } = view;
      const where = mine ? { [person]: { equals: user.id } } : undefined;
      return [{ definition, start: calendar.start, end: calendar.end, hue, icon, where }];
    });
  }, [appointments, tasks, mine, user.id]);
  const set = (name: string, value: string | null) =>
    setParams(
      (former) => {
        const next = new URLSearchParams(former);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  if (sources.length === 0) {
    return (
      <ErrorState error={new Problem("forbidden", "The calendar is not part of this role.")} />
    );
  }
  const shown = sources.filter((source) => source.definition.slug !== hidden);
  const create = async () => {
    const { openCreate } = await import("@/engine/record/create-dialog");
    openCreate("appointments");
  };
  return (
    <>
      <PageHeader title={t`Calendar`}>
        {appointments?.permissions.create && (
          <Button
            variant="primary"
            className="phone:w-11"
            icon={<Plus size={15} />}
            onClick={() => void create()}
          >
            <span className="phone:sr-only">{t`New appointment`}</span>
          </Button>
        )}
      </PageHeader>
      <Calendar
        sources={shown}
        tools={
          <>
            {sources.map((source) => (
              <Toggle
                key={source.definition.slug}
                source={source}
                on={source.definition.slug !== hidden}
                // One of them always stays: an empty calendar helps nobody.
                onToggle={(on) => set("hide", on ? null : source.definition.slug)}
              />
            ))}
            <div className="w-32 phone:w-full">
              <Select
                dense
                aria-label={t`Whose calendar`}
                value={mine ? "me" : "all"}
                onChange={(whose) => set("whose", whose === "me" ? "me" : null)}
                options={[
                  { value: "all", label: t`Everyone` },
                  { value: "me", label: t`Only mine` },
                ]}
              />
            </div>
          </>
        }
      />
    </>
  );
}

function Toggle({
  source,
  on,
  onToggle,
}: {
  source: Source;
  on: boolean;
  onToggle: (on: boolean) => void;
}) {
  const Icon = source.icon;
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onToggle(!on)}
      style={{ "--hue": source.hue } as CSSProperties}
      className={cx(
        "flex h-7 items-center gap-1.5 rounded-control px-2 text-12 font-medium coarse:h-11",
        on ? "tint" : "text-muted shadow-control hover:bg-hover",
      )}
    >
      {on ? <Check size={13} aria-hidden /> : <Icon size={13} aria-hidden />}
      {label(source.definition.labels.plural)}
    </button>
  );
}
