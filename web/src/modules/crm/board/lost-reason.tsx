/** Asks why a deal was lost before it may be dropped there. Cancel leaves it where it was. */
import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useEffect, useId, useState } from "react";
import { type Asked, answer, useAsked } from "@/modules/crm/board/lost-question";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";

/** A board and a deal shown beside it both bring the dialog: the first of them asks. */
const hosts: symbol[] = [];

export function LostReasonHost() {
  const asked = useAsked();
  const [own] = useState(() => Symbol("host"));
  useEffect(() => {
    hosts.push(own);
    return () => {
      hosts.splice(hosts.indexOf(own), 1);
    };
  }, [own]);
  return asked && hosts[0] === own ? <Question key={asked.doc.id} asked={asked} /> : null;
}

function Question({ asked }: { asked: Asked }) {
  const { t } = useLingui();
  const form = useId();
  const held = asked.doc.lostReason;
  const [reason, setReason] = useState(typeof held === "string" ? held : "");
  const common = [
    t`Price`,
    t`Chose a competitor`,
    t`No budget`,
    t`Bad timing`,
    t`No answer`,
    t`Not a fit`,
  ];
  const name = String(asked.doc.name ?? "");
  const column = asked.label;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    answer({ lostReason: reason.trim() || null });
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && answer(null)}
      title={t`Why was it lost?`}
      description={t`“${name}” goes to ${column}. Knowing why helps to win the next one.`}
      footer={
        <>
          <Button variant="ghost" onClick={() => answer(null)}>
            {t`Cancel`}
          </Button>
          <Button variant="primary" type="submit" form={form}>
            {reason.trim() ? t`Mark as lost` : t`Mark as lost without a reason`}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={onSubmit} className="grid gap-3">
        <Field label={t`Reason`}>
          {(wiring) => (
            <Input
              {...wiring}
              autoFocus
              maxLength={500}
              autoComplete="off"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">{t`Common reasons`}</legend>
          {common.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={reason === each}
              onClick={() => setReason(each)}
              className="h-7 rounded-control px-2.5 text-12 font-medium text-muted shadow-control hover:bg-hover hover:text-fg aria-pressed:bg-accent-tint aria-pressed:text-accent-text coarse:h-11"
            >
              {each}
            </button>
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}
