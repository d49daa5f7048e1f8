/** The first page: what is to be done today, and how the business stands. */
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { AccountsCard } from "@/app/home/accounts-card";
import { AgendaCard } from "@/app/home/agenda-card";
import { ContactsCard, PipelineCard, WonCard } from "@/app/home/chart-cards";
import { Checklist, DemoCard, useAtLeast, useChecklistShown } from "@/app/home/checklist";
import { useDemo } from "@/app/home/demo";
import { partOfDay } from "@/app/home/periods";
import { type Scope, useScope } from "@/app/home/scope";
import { Summary } from "@/app/home/summary";
import { TasksCard } from "@/app/home/tasks-card";
import { TimelineCard } from "@/app/home/timeline-card";
import { useSession } from "@/engine/session";
import { formatDay, localOf, today } from "@/lib/format";
import { PageHeader } from "@/ui/page-header";
import { Segmented } from "@/ui/segmented";

export function Component() {
  const { t } = useLingui();
  const scope = useScope();
  const fresh = useFresh(scope);
  const day = useToday();
  const long = formatDay(day, { weekday: "long", day: "numeric", month: "long" });
  return (
    <>
      <PageHeader title={t`Home`} count={long}>
        {scope.below.length > 0 && <ScopeChoice scope={scope} />}
      </PageHeader>
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto flex max-w-[1180px] flex-col gap-4 px-6 py-6 phone:gap-3 phone:px-3 phone:py-4">
          <Greeting fresh={fresh === true} />
          {fresh === true && <FirstSteps />}
          {fresh === false && <Standing scope={scope} day={day} />}
        </div>
      </div>
    </>
  );
}

/** Nothing in it yet; null while that is not known. */
function useFresh(scope: Scope): boolean | null {
  const where = scope.where();
  const found = [
    useAtLeast("contacts", 1, where),
    useAtLeast("deals", 1, where),
    useAtLeast("tasks", 1, where),
    useAtLeast("companies", 1, where),
  ];
  if (found.includes(true)) return false;
  return found.includes(null) ? null : true;
}

/** The day, also when the page is left open over midnight. */
function useToday(): string {
  const [day, setDay] = useState(today);
  useEffect(() => {
    const timer = setInterval(() => setDay(today()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return day;
}

function Greeting({ fresh }: { fresh: boolean }) {
  const { t } = useLingui();
  const { user, tenant } = useSession();
  const hour = Number(localOf(new Date().toISOString()).slice(11, 13));
  const first = user.name.trim().split(/\s+/)[0] ?? "";
  const greetings = {
    morning: t`Good morning, ${first}`,
    afternoon: t`Good afternoon, ${first}`,
    evening: t`Good evening, ${first}`,
  };
  return (
    <div className="flex flex-wrap items-baseline gap-x-3">
      <p className="text-19 font-semibold tracking-[-0.015em]">{greetings[partOfDay(hour)]}</p>
      <p className="text-muted">
        {fresh
          ? t`A few steps, and ${tenant.name} is set up.`
          : t`Here is how ${tenant.name} stands.`}
      </p>
    </div>
  );
}

function ScopeChoice({ scope }: { scope: Scope }) {
  const { t } = useLingui();
  return (
    <Segmented
      label={t`Figures of`}
      value={scope.all ? "all" : "own"}
      options={[
        { value: "all", label: t`All accounts` },
        { value: "own", label: t`This one` },
      ]}
      onChange={(next) => scope.setAll(next === "all")}
    />
  );
}

function FirstSteps() {
  const { t } = useLingui();
  const [shown, hide] = useChecklistShown();
  if (!shown) {
    return (
      <>
        <p className="rounded-panel bg-raise px-4 py-8 text-center text-muted shadow-card">
          {t`There is nothing here yet. As soon as there are contacts and deals, their figures stand here.`}
        </p>
        <DemoCard fresh />
      </>
    );
  }
  return (
    <>
      <Checklist fresh onHide={hide} />
      <DemoCard fresh />
    </>
  );
}

function Standing({ scope, day }: { scope: Scope; day: string }) {
  const { schema } = useSession();
  const [steps, hide] = useChecklistShown();
  const demo = useDemo();
  const may = (slug: string) =>
    schema.collections.some((each) => each.slug === slug && each.permissions.read);
  const deals = may("deals");
  const contacts = may("contacts");
  return (
    // A new day asks anew: every period on the page ends with it.
    <div key={day} className="flex min-w-0 flex-col gap-4 phone:gap-3">
      {steps && !scope.all && !demo.inside && <Checklist fresh={false} onHide={hide} />}
      <DemoCard fresh={false} />
      <Summary scope={scope} deals={deals} contacts={contacts} />
      <div className="grid gap-4 desk:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] phone:gap-3">
        {may("tasks") && <TasksCard scope={scope} />}
        {may("appointments") && <AgendaCard scope={scope} />}
      </div>
      {scope.below.length > 0 && <AccountsCard scope={scope} />}
      <div className="grid items-start gap-4 desk:grid-cols-2 phone:gap-3">
        {deals && <PipelineCard scope={scope} />}
        {deals && <WonCard scope={scope} />}
        {may("activities") && <TimelineCard scope={scope} />}
        {contacts && <ContactsCard scope={scope} />}
      </div>
    </div>
  );
}
