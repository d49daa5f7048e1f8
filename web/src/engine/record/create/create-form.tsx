/** The dialog for a new document: the few fields that matter, all of them on demand, faults under their fields. */
import { useLingui } from "@lingui/react/macro";
import type { Definition, Field } from "@/engine/definitions";
import { CreateField } from "@/engine/record/create/create-field";
import type { Values } from "@/engine/record/create/form-fields";
import { closeCreate } from "@/engine/record/create/open";
import { type CreateState, useCreateForm } from "@/engine/record/create/use-create-form";
import { label } from "@/lib/i18n";
import { useCommands } from "@/lib/keyboard";
import type { Problem, ProblemKind } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

type Props = { definition: Definition; preset: Values };

export function CreateForm({ definition, preset }: Props) {
  const { t } = useLingui();
  const state = useCreateForm(definition, preset);
  const { first, rest, all, setAll } = state;
  const name = label(definition.labels.singular);
  const lower = name.toLowerCase();
  // From the foot of the dialog, too, which is outside of the form.
  useCommands([
    {
      id: "create.submit",
      title: t`Create`,
      group: t`Create`,
      keys: "mod+enter",
      hidden: true,
      everywhere: true,
      over: true,
      run: () => void state.submit(),
    },
  ]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeCreate(null)}
      title={t`New ${lower}`}
      footer={<Footer state={state} name={lower} />}
    >
      <form
        id={state.formId}
        ref={state.formRef}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void state.submit();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void state.submit();
        }}
        className="grid gap-4 pt-0.5"
      >
        {state.restored && (
          <p className="flex items-center gap-2 rounded-control bg-hover px-2.5 py-1.5 text-12 text-muted">
            <span className="grow">{t`This is what you had begun.`}</span>
            <button
              type="button"
              className="rounded-tag font-semibold text-accent-text hover:underline coarse:min-h-11"
              onClick={state.startOver}
            >
              {t`Start over`}
            </button>
          </p>
        )}
        <Grid key={`first${state.round}`} fields={first} state={state} definition={definition} />
        {rest.length > 0 && (
          <Button
            variant="ghost"
            className="justify-self-start -ml-2.5"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? t`Show fewer fields` : t`Show all fields`}
          </Button>
        )}
        {all && (
          <Grid key={`rest${state.round}`} fields={rest} state={state} definition={definition} />
        )}
        <Kept state={state} />
        {state.problem && <Said problem={state.problem} />}
      </form>
    </Dialog>
  );
}

const WIDE = new Set(["textarea", "json", "group", "address", "array"]);

function Grid({
  fields,
  state,
  definition,
}: {
  fields: readonly Field[];
  state: CreateState;
  definition: Definition;
}) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3.5 phone:grid-cols-1">
      {fields.map((field) => {
        const wide = WIDE.has(field.type) || (field.name === definition.title && fields.length > 1);
        return (
          <div key={field.name} className={wide ? "col-span-full min-w-0" : "min-w-0"}>
            <CreateField
              definition={definition}
              field={field}
              state={state}
              autoFocus={field === state.first[0]}
            />
          </div>
        );
      })}
    </div>
  );
}

function Footer({ state, name }: { state: CreateState; name: string }) {
  const { t } = useLingui();
  return (
    <>
      <div className="mr-auto">
        <Checkbox
          checked={state.another}
          onCheckedChange={state.setAnother}
          label={t`Create another`}
        />
      </div>
      <Kbd keys="mod+enter" className="phone:hidden" />
      <Button onClick={() => closeCreate(null)}>{t`Cancel`}</Button>
      <Button variant="primary" type="submit" form={state.formId} pending={state.busy}>
        {t`Create ${name}`}
      </Button>
    </>
  );
}

/** Related documents that exist although the one they were for was refused. */
function Kept({ state }: { state: CreateState }) {
  const { t } = useLingui();
  if (!state.problem && Object.keys(state.faults).length === 0) return null;
  return state.made.map(({ target, title, doc }) => {
    const singular = label(target.labels.singular);
    return (
      <p
        key={doc.id}
        role="status"
        className="rounded-control bg-good-tint px-2.5 py-2 text-12 text-good"
      >
        {t`${singular} “${title}” was created and is kept: it is already chosen above.`}
      </p>
    );
  });
}

function Said({ problem }: { problem: Problem }) {
  const { t } = useLingui();
  const texts: Partial<Record<ProblemKind, string>> = {
    offline: t`The server cannot be reached. What you typed is kept; try again in a moment.`,
    forbidden: t`Your role does not allow this here.`,
  };
  return (
    <p role="alert" className="rounded-control bg-danger-tint px-2.5 py-2 text-12 text-danger">
      {texts[problem.kind] ?? problem.message}
    </p>
  );
}
