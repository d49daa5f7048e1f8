/** "Are you sure?", for what cannot be undone. */
import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useSyncExternalStore } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

export type Question = { title: ReactNode; body?: ReactNode; action: string; danger?: boolean };

type Asked = Question & { answer: (yes: boolean) => void };

let asked: Asked | null = null;
const listeners = new Set<() => void>();

function set(next: Asked | null): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Resolves with what was answered; closing the dialog is a no. */
export function confirm(question: Question): Promise<boolean> {
  asked?.answer(false);
  return new Promise((resolve) => {
    set({
      ...question,
      answer: (yes) => {
        set(null);
        resolve(yes);
      },
    });
  });
}

/** Once, at the root. */
export function ConfirmHost() {
  const question = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
  if (!question) return null;
  return <ConfirmDialog {...question} open onAnswer={question.answer} />;
}

export function ConfirmDialog({
  open,
  onAnswer,
  title,
  body,
  action,
  danger = false,
}: Question & { open: boolean; onAnswer: (yes: boolean) => void }) {
  const { t } = useLingui();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onAnswer(false)}
      size="sm"
      title={title}
      footer={
        <>
          <Button onClick={() => onAnswer(false)}>{t`Cancel`}</Button>
          <Button variant={danger ? "danger" : "primary"} autoFocus onClick={() => onAnswer(true)}>
            {action}
          </Button>
        </>
      }
    >
      {body && <div className="text-13 text-muted">{body}</div>}
    </Dialog>
  );
}
