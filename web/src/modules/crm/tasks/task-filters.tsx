/** Whose tasks, how they are grouped, and whether finished ones are shown. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { listOptions } from "@/engine/documents";
import { useDefinition, useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";
import type { Grouping, TaskView } from "@/modules/crm/tasks/use-tasks";
import { Segmented } from "@/ui/segmented";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";

const PEOPLE = 200;

export function TaskFilters({ view }: { view: TaskView }) {
  const { t } = useLingui();
  const { user } = useSession();
  const users = useDefinition("users");
  const people = useQuery({
    ...listOptions("users", {
      sort: "name",
      limit: PEOPLE,
      depth: 0,
      select: { name: true, email: true },
    }),
    enabled: users?.permissions.read ?? false,
  });
  const others = (people.data?.docs ?? [])
    .filter((each) => each.id !== user.id)
    .map((each) => ({ value: each.id, label: titleOf(users, each) }));
  const groupings: { value: Grouping; label: string }[] = [
    { value: "time", label: t`Date` },
    { value: "contact", label: t`Contact` },
  ];
  return (
    <div className="flex flex-wrap items-center gap-2.5 px-4 pb-2.5 phone:px-3">
      <div className="w-44 phone:w-auto phone:min-w-28 phone:flex-1">
        <Select
          dense
          aria-label={t`Whose tasks`}
          value={view.whose}
          onChange={(whose) => view.change({ whose: whose ?? "me" })}
          options={[
            { value: "me", label: t`My tasks` },
            { value: "all", label: t`Everyone’s` },
            ...others,
          ]}
        />
      </div>
      <Segmented
        label={t`Grouped by`}
        value={view.grouping}
        options={groupings}
        onChange={(grouping) => view.change({ grouping })}
      />
      <span className="ml-auto">
        <Switch
          label={t`Done`}
          checked={view.done}
          onCheckedChange={(done) => view.change({ done })}
        />
      </span>
    </div>
  );
}
