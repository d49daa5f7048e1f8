/** Whether to make demo data to look around in. */
import { useLingui } from "@lingui/react/macro";
import { Note } from "@/app/forms/notes";
import type { Answers } from "@/app/setup/guess";
import { cx } from "@/lib/cx";

type Props = { answers: Answers; onChange: (patch: Partial<Answers>) => void };

export function DemoStep({ answers, onChange }: Props) {
  const { t } = useLingui();
  const choices = [
    {
      demo: false,
      title: t`Start empty`,
      body: t`Only the pipeline, services and tags. Add or import your own contacts.`,
    },
    {
      demo: true,
      title: t`Add a demo beside it`,
      body: t`500 contacts, 60 companies, 50 deals and two months of history, in an account of its own. One click removes it all.`,
    },
  ];
  return (
    <div className="grid gap-4">
      <fieldset className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <legend className="sr-only">{t`Demo data`}</legend>
        {choices.map(({ demo, title, body }) => (
          <label
            key={title}
            className={cx(
              "flex items-start gap-2.5 rounded-panel bg-raise p-4 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent",
              answers.demo === demo
                ? "shadow-[0_0_0_2px_var(--accent)]"
                : "shadow-card hover:shadow-control",
            )}
          >
            <input
              type="radio"
              name="demo"
              checked={answers.demo === demo}
              onChange={() => onChange({ demo })}
              className="mt-[3px] accent-(--accent) outline-none"
            />
            <span>
              <span className="block text-14 font-semibold">{title}</span>
              <span className="block text-12 text-muted">{body}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Note>{t`Sample automations for your trade come here once automations are part of Mainstay.`}</Note>
    </div>
  );
}
