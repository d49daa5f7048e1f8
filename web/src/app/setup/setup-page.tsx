/** The first run: four short questions whose answers set the account up, then what came of them. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ErrorNote } from "@/app/forms/notes";
import { browserHints } from "@/app/forms/places";
import { tenantsChanged } from "@/app/settings/account/save-tenant";
import { useDemo } from "@/app/settings/demo-data";
import { type Created, setUp } from "@/app/setup/data";
import { DemoStep } from "@/app/setup/demo-step";
import { type Answers, startingAnswers } from "@/app/setup/guess";
import { PlaceStep } from "@/app/setup/place-step";
import { Summary } from "@/app/setup/summary";
import { TradeStep } from "@/app/setup/trade-step";
import { keys } from "@/engine/documents";
import { isAdmin, useSession } from "@/engine/session";
import { asProblem, Problem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/empty";
import { ProgressBar } from "@/ui/progress";

export function Component() {
  const { role } = useSession();
  if (!isAdmin(role))
    return <ErrorState error={new Problem("forbidden", "Only admins set an account up.")} />;
  return <FirstRun />;
}

type Step = "place" | "trade" | "demo" | "done";

function FirstRun() {
  const { t, i18n } = useLingui();
  const { tenant, settings, path } = useSession();
  const navigate = useNavigate();
  const [answers, setAnswers] = useState<Answers>(() =>
    startingAnswers(settings, tenant.businessType ?? null, browserHints(), i18n.locale),
  );
  // An account stands below an agency, which is where its demo would be made.
  const steps: Step[] =
    tenant.kind === "account" ? ["place", "trade", "done"] : ["place", "trade", "demo", "done"];
  const [step, setStep] = useState<Step>("place");
  const { apply, created, demoMade, busy, problem } = useApply();
  const at = steps.indexOf(step);
  const last = steps[at + 1] === "done";
  const change = (patch: Partial<Answers>) => setAnswers((former) => ({ ...former, ...patch }));
  const next = async () => {
    if (!last) return setStep(steps[at + 1] ?? "done");
    if (await apply(answers)) setStep("done");
  };
  const heading = useHeadingFocus(step);
  if (step === "done") {
    return <Summary created={created} demoMade={demoMade} onLeave={() => void navigate(path())} />;
  }
  const back = steps[at - 1];
  const titles = {
    place: [t`Set up ${tenant.name}`, t`Where it works, so that dates, money and words fit.`],
    trade: [
      t`What is its trade?`,
      t`It brings a pipeline, services and tags to begin with. All can be changed.`,
    ],
    demo: [t`Something to look at?`, t`A demo shows what Mainstay looks like in use.`],
  } as const;
  const [title, lead] = titles[step];
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <form
        noValidate
        className="mx-auto grid w-full max-w-[760px] grid-cols-[minmax(0,1fr)] gap-7 px-6 pb-6 pt-[7vh] phone:px-4 phone:pt-6"
        onSubmit={(event) => {
          event.preventDefault();
          void next();
        }}
      >
        <div className="grid max-w-[240px] gap-2">
          <span className="text-12 text-muted">{t`Step ${at + 1} of ${steps.length - 1}`}</span>
          <ProgressBar value={(at + 1) / (steps.length - 1)} label={t`Progress of the setup`} />
        </div>
        <div>
          <h1
            ref={heading}
            tabIndex={-1}
            className="text-24 font-semibold tracking-[-0.025em] outline-none"
          >
            {title}
          </h1>
          <p className="mt-1 text-14 text-muted">{lead}</p>
        </div>
        {step === "place" && <PlaceStep answers={answers} onChange={change} />}
        {step === "trade" && <TradeStep answers={answers} onChange={change} />}
        {step === "demo" && <DemoStep answers={answers} onChange={change} />}
        {problem && <ErrorNote problem={problem} />}
        <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center gap-2 bg-bg px-1 py-4">
          <Button
            type="submit"
            variant="primary"
            size="lg"
            pending={busy}
            disabled={step !== "place" && !answers.businessType}
          >
            {last ? t`Set it up` : t`Continue`}
          </Button>
          {back && (
            <Button size="lg" disabled={busy} onClick={() => setStep(back)}>
              {t`Back`}
            </Button>
          )}
          <Button
            variant="ghost"
            size="lg"
            disabled={busy}
            className="ml-auto"
            onClick={() => void navigate(path())}
          >
            {t`Skip for now`}
          </Button>
        </div>
        {busy && answers.demo && (
          <p role="status" className="text-muted">{t`Making the demo takes a few seconds…`}</p>
        )}
      </form>
    </div>
  );
}

/** Sends the answers. Both halves may be done again: the server keeps what is there. */
function useApply() {
  const { tenant } = useSession();
  const client = useQueryClient();
  const demo = useDemo(tenant.id);
  const [created, setCreated] = useState<Created | null>(null);
  const [demoMade, setDemoMade] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const apply = async (answers: Answers): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      setCreated(await setUp(tenant.id, answers));
      if (answers.demo) setDemoMade((await demo.make.mutateAsync()).present);
      await tenantsChanged(client);
      void client.invalidateQueries({ queryKey: keys.tenant() });
      return true;
    } catch (thrown) {
      setProblem(asProblem(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { apply, created, demoMade, busy, problem };
}

/** A new step starts at its heading, for the keyboard and for screen readers. */
function useHeadingFocus(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  const former = useRef(step);
  useEffect(() => {
    if (former.current === step) return;
    former.current = step;
    heading.current?.focus();
  }, [step]);
  return heading;
}
