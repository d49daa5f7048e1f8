/** Asks how many cards a column should hold at most. */
import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, NumberInput } from "@/ui/field";

export function LimitDialog({
  name,
  limit,
  onSet,
  onClose,
}: {
  name: string;
  limit: number | null;
  onSet: (limit: number | null) => void;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const form = useId();
  const [value, setValue] = useState(limit);
  const finish = (next: number | null) => {
    onSet(next !== null && next > 0 ? Math.round(next) : null);
    onClose();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    finish(value);
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t`Limit of ${name}`}
      description={t`Above it the column says so. Nothing is refused. The limit belongs to the view: save the view to keep it.`}
      footer={
        <>
          {limit !== null && (
            <Button variant="ghost" onClick={() => finish(null)}>
              {t`No limit`}
            </Button>
          )}
          <Button variant="primary" type="submit" form={form}>
            {t`Set`}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={onSubmit}>
        <Field label={t`Cards at most`}>
          {(wiring) => (
            <NumberInput
              {...wiring}
              min={1}
              max={9999}
              step={1}
              autoFocus
              value={value}
              onChange={setValue}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
