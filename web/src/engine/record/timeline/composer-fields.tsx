/** The fields of each kind of entry. */
import { useLingui } from "@lingui/react/macro";
import type { Field as FieldDefinition } from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import type { Draft } from "@/engine/record/timeline/composer-draft";
import { DateSlot } from "@/engine/record/typed-dates";
import { useDefinition } from "@/engine/session";
import { DateTimeInput } from "@/ui/date-input";
import { Field, Input, Textarea } from "@/ui/field";

type Props = { draft: Draft; onChange: (part: Partial<Draft>) => void };

export function ComposerFields({ draft, onChange }: Props) {
  const { t } = useLingui();
  if (draft.kind === "note") {
    return (
      <Textarea
        autoGrow
        rows={3}
        aria-label={t`Note`}
        placeholder={t`Write a note…`}
        value={draft.text}
        onChange={(event) => onChange({ text: event.target.value })}
      />
    );
  }
  if (draft.kind === "task") return <TaskFields draft={draft} onChange={onChange} />;
  return <LogFields draft={draft} onChange={onChange} />;
}

function LogFields({ draft, onChange }: Props) {
  const { t } = useLingui();
  const about = {
    note: "",
    task: "",
    call: t`What was the call about?`,
    email: t`Subject of the email`,
    meeting: t`What was the meeting about?`,
  }[draft.kind];
  return (
    <>
      <Input
        data-first
        autoComplete="off"
        maxLength={500}
        aria-label={t`Subject`}
        placeholder={about}
        value={draft.subject}
        onChange={(event) => onChange({ subject: event.target.value })}
      />
      <Textarea
        autoGrow
        rows={2}
        aria-label={t`Details`}
        placeholder={t`What was said, what was agreed…`}
        value={draft.body}
        onChange={(event) => onChange({ body: event.target.value })}
      />
      <Field label={t`When`} className="max-w-[280px]">
        {(wiring) => (
          <DateSlot>
            <DateTimeInput
              {...wiring}
              dense
              placeholder={t`Now`}
              value={draft.at}
              onChange={(at) => onChange({ at })}
            />
          </DateSlot>
        )}
      </Field>
    </>
  );
}

function TaskFields({ draft, onChange }: Props) {
  const { t } = useLingui();
  const assignee = useDefinition("tasks")?.fields.find((field) => field.name === "assignee");
  return (
    <>
      <Input
        data-first
        autoComplete="off"
        maxLength={300}
        aria-label={t`Task`}
        placeholder={t`What comes next?`}
        value={draft.subject}
        onChange={(event) => onChange({ subject: event.target.value })}
      />
      <div className="grid grid-cols-2 gap-2 phone:grid-cols-1">
        <Field label={t`Due`}>
          {(wiring) => (
            <DateSlot>
              <DateTimeInput
                {...wiring}
                dense
                placeholder={t`Tomorrow 9am, Friday…`}
                value={draft.due}
                onChange={(due) => onChange({ due })}
              />
            </DateSlot>
          )}
        </Field>
        {assignee && <Assignee field={assignee} draft={draft} onChange={onChange} />}
      </div>
    </>
  );
}

function Assignee({ field, draft, onChange }: Props & { field: FieldDefinition }) {
  const { t } = useLingui();
  return (
    <Field label={t`For`}>
      {(wiring) => (
        <FieldInput
          {...wiring}
          dense
          field={field}
          value={draft.assignee}
          onChange={(assignee) => onChange({ assignee: assignee as Draft["assignee"] })}
        />
      )}
    </Field>
  );
}
