/** The first steps in an account. What is done is seen from the data, not from clicks. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Check, FlaskConical, X } from "lucide-react";
import { Link } from "react-router";
import { useDemo } from "@/app/home/demo";
import { listOptions } from "@/engine/documents";
import { usePreferences } from "@/engine/preferences";
import { isAdmin, useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { Button, IconButton, LinkButton } from "@/ui/button";
import { ProgressBar } from "@/ui/progress";

export type Step = {
  id: string;
  title: string;
  body: string;
  done: boolean | null;
  to?: string;
  create?: string;
};

/** Whether there are so many of a collection at least; null while that is not known. */
export function useAtLeast(
  slug: string,
  count = 1,
  where?: Parameters<typeof listOptions>[1]["where"],
  enabled = true,
) {
  const query = useQuery({
    ...listOptions(slug, {
      where,
      limit: count,
      depth: 0,
      pagination: false,
      select: { createdAt: true },
    }),
    enabled,
  });
  return query.data ? query.data.docs.length >= count : null;
}

function useSteps(): Step[] {
  const { t } = useLingui();
  const { tenant, settings, schema, path } = useSession();
  const may = (slug: string) =>
    schema.collections.some((each) => each.slug === slug && each.permissions.create);
  const has = {
    pipelines: useAtLeast("pipelines"),
    contacts: useAtLeast("contacts"),
    companies: useAtLeast("companies"),
    deals: useAtLeast("deals"),
    tasks: useAtLeast("tasks"),
    people: useAtLeast("memberships", 2),
    invited: useAtLeast("invitations", 1, undefined, may("invitations")),
  };
  const record = (slug: keyof typeof has, title: string, body: string): Step[] =>
    may(slug) ? [{ id: slug, title, body, done: has[slug], create: slug, to: path(slug) }] : [];
  return [
    {
      id: "brand",
      title: t`Make it yours`,
      body: t`Your logo and color, on every page your people see.`,
      done: Boolean(tenant.brandColor || settings.logo.value),
      to: path("settings/account"),
    },
    {
      id: "pipelines",
      title: t`Set up your pipeline`,
      body: t`A few questions about your business make its stages, services and tags.`,
      done: has.pipelines,
      to: path("setup"),
    },
    ...record("contacts", t`Add your first contact`, t`A name and an email address will do.`),
    ...record(
      "companies",
      t`Add your first company`,
      t`The people you deal with belong somewhere.`,
    ),
    ...record("deals", t`Open your first deal`, t`What it is worth and which stage it is at.`),
    ...record(
      "tasks",
      t`Write down your first task`,
      t`Due dates can be written as you say them: “tomorrow 9am”.`,
    ),
    {
      id: "invite",
      title: t`Invite a colleague`,
      body: t`They get an email with a link and the role you choose.`,
      done: has.people === true || has.invited === true ? true : has.people === null ? null : false,
      to: path("settings/members"),
    },
  ];
}

export function useChecklistShown(): [boolean, () => void] {
  const { tenant, role } = useSession();
  const [preferences, setPreferences] = usePreferences();
  const hidden = Array.isArray(preferences.checklistHidden) ? preferences.checklistHidden : [];
  // The list of a person of many accounts stays short: the last ones are enough.
  const hide = () => setPreferences({ checklistHidden: [...hidden, tenant.id].slice(-200) });
  return [isAdmin(role) && !hidden.includes(tenant.id), hide];
}

export function Checklist({ onHide, fresh }: { onHide: () => void; fresh: boolean }) {
  const { t } = useLingui();
  const steps = useSteps();
  const done = steps.filter((step) => step.done).length;
  const known = steps.every((step) => step.done !== null);
  // Not drawn until all is known: a list that ticks itself while one looks is a distraction.
  if (!known) return fresh ? <div className="min-h-[420px]" /> : null;
  if (done === steps.length) return null;
  if (!fresh) return <Remaining steps={steps} done={done} onHide={onHide} />;
  const next = steps.find((step) => !step.done);
  const total = steps.length;
  return (
    <section aria-label={t`First steps`} className="rounded-panel bg-raise shadow-card">
      <header className="flex items-center gap-3 px-4 pb-3 pt-3.5">
        <div className="min-w-0 grow">
          <h2 className="text-14 font-semibold">{t`First steps`}</h2>
          <p className="text-muted">{t`${done} of ${total} done`}</p>
        </div>
        <span className="w-40 phone:w-24">
          <ProgressBar value={done / total} label={t`First steps done`} />
        </span>
      </header>
      <ol className="grid border-t border-line">
        {steps.map((step) => (
          <StepRow key={step.id} step={step} next={step.id === next?.id} />
        ))}
      </ol>
    </section>
  );
}

/** Once there is something to see, what is left takes one row. */
function Remaining({
  steps,
  done,
  onHide,
}: {
  steps: readonly Step[];
  done: number;
  onHide: () => void;
}) {
  const { t } = useLingui();
  const total = steps.length;
  return (
    <section
      aria-label={t`First steps`}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-panel bg-raise py-2.5 pl-4 pr-2.5 shadow-card"
    >
      <h2 className="font-semibold">{t`First steps`}</h2>
      <span className="text-muted">{t`${done} of ${total} done`}</span>
      <ul className="flex min-w-0 grow flex-wrap gap-2">
        {steps
          .filter((step) => !step.done)
          .map((step) => (
            <li key={step.id}>
              {step.create ? (
                <Button onClick={() => void create(step.create ?? "")}>{step.title}</Button>
              ) : (
                <LinkButton to={step.to ?? ""}>{step.title}</LinkButton>
              )}
            </li>
          ))}
      </ul>
      <IconButton label={t`Hide the first steps`} onClick={onHide}>
        <X size={15} />
      </IconButton>
    </section>
  );
}

/** The dialog is a chunk of its own. */
async function create(slug: string): Promise<void> {
  const dialog = await import("@/engine/record/create-dialog");
  dialog.openCreate(slug);
}

function StepRow({ step, next }: { step: Step; next: boolean }) {
  const { t } = useLingui();
  const { create: slug } = step;
  const className =
    "flex min-h-14 w-full items-center gap-3 px-4 py-2.5 text-left hover:bg-hover dark:hover:bg-active/60 focus-visible:-outline-offset-2";
  const inner = (
    <>
      <span
        aria-hidden
        className={cx(
          "flex size-5 shrink-0 items-center justify-center rounded-full",
          step.done ? "bg-good-tint text-good" : "shadow-[0_0_0_1.5px_var(--edge)_inset]",
        )}
      >
        {step.done && <Check size={13} strokeWidth={2.5} />}
      </span>
      <span className="min-w-0 grow">
        <span className={cx("block font-medium", step.done && "text-muted")}>
          {step.title}
          {step.done && <span className="sr-only"> ({t`done`})</span>}
        </span>
        {!step.done && <span className="block text-muted">{step.body}</span>}
      </span>
      {!step.done && (
        <ArrowRight
          size={16}
          aria-hidden
          className={cx("shrink-0", next ? "text-accent-text" : "text-faint")}
        />
      )}
    </>
  );
  return (
    <li className="border-b border-line last:border-0">
      {slug && !step.done ? (
        <button type="button" className={className} onClick={() => void create(slug)}>
          {inner}
        </button>
      ) : (
        <Link to={step.to ?? ""} className={className}>
          {inner}
        </Link>
      )}
    </li>
  );
}

/** Making or removing the demo data, for those who may. */
export function DemoCard({ fresh }: { fresh: boolean }) {
  const { t } = useLingui();
  const demo = useDemo();
  if (!demo.state) return null;
  if (demo.state.present && !demo.mayRemove) return null;
  if (!demo.state.present && !fresh) return null;
  return (
    <section
      aria-label={t`Demo data`}
      className="flex flex-wrap items-center gap-3 rounded-panel bg-raise px-4 py-3 shadow-card"
    >
      <span
        aria-hidden
        className="tint flex size-8 shrink-0 items-center justify-center rounded-control [--hue:300]"
      >
        <FlaskConical size={16} />
      </span>
      <div className="min-w-0 grow basis-60">
        <h2 className="font-semibold">
          {demo.state.present ? t`Demo data` : t`Try it with demo data`}
        </h2>
        <p className="text-muted">
          {demo.state.present
            ? t`A made-up account is there to look around in. One click takes all of it away.`
            : t`A made-up account with contacts, deals and two months of history. Gone again in one click.`}
        </p>
      </div>
      {demo.state.present ? (
        <Button
          pending={demo.removing}
          onClick={() => void demo.remove()}
        >{t`Remove demo data`}</Button>
      ) : (
        <Button pending={demo.making} onClick={demo.make}>{t`Try with demo data`}</Button>
      )}
    </section>
  );
}
