/** What just happened, and the way back. Read out, never in the way. */
import { useLingui } from "@lingui/react/macro";
import { AlertCircle, CheckCircle2, X } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { Problem } from "@/lib/problem";

export type Toast = {
  title: ReactNode;
  body?: ReactNode;
  tone?: "plain" | "good" | "bad";
  /** `undoes: false` keeps Ctrl+Z away from an action that takes nothing back. */
  action?: { label: string; onSelect: () => void; undoes?: boolean };
  /** Milliseconds; what can be undone stays longer, what failed longest. */
  duration?: number;
};

type Shown = Toast & { id: number };

const MOST = 3;
let next = 1;
let shown: readonly Shown[] = [];
const listeners = new Set<() => void>();

function set(list: readonly Shown[]): void {
  shown = list;
  for (const listener of listeners) listener();
}

export function dismiss(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

function show(toast: Toast): number {
  const id = next++;
  set([...shown, { ...toast, id }].slice(-MOST));
  return id;
}

/** Says something; answers with an id for `dismiss`. */
export const toast = Object.assign(show, {
  /** What failed and why, in the server's words. */
  error(title: ReactNode, problem: Problem): number {
    const fields = problem.fields.map((field) => field.message).join(" ");
    return show({ title, body: fields || problem.message, tone: "bad" });
  },
});

/** Takes the action of the youngest toast that has one: Ctrl+Z. */
export function undoLatest(): void {
  // What stays until it is answered is an offer, such as a reload, and nothing to take back.
  const last = [...shown]
    .reverse()
    .find((each) => each.action && each.action.undoes !== false && each.duration !== Infinity);
  if (!last?.action) return;
  dismiss(last.id);
  last.action.onSelect();
}

/** Once, at the root. */
export function Toaster() {
  const { t } = useLingui();
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <section
      aria-label={t`Notices`}
      aria-live="polite"
      className="pointer-events-none fixed bottom-4 right-4 z-[70] flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-2 phone:bottom-[72px]"
    >
      {list.map((each) => (
        <Face key={each.id} toast={each} />
      ))}
    </section>
  );
}

function Face({ toast: { id, title, body, tone, action, duration } }: { toast: Shown }) {
  const { t } = useLingui();
  const [held, setHeld] = useState(false);
  const undoable = action !== undefined;
  useEffect(() => {
    const time = duration ?? (tone === "bad" ? 10_000 : undoable ? 7_000 : 4_000);
    // Not while it is being read, and never where it is to stay: a timer takes Infinity for now.
    if (held || !Number.isFinite(time)) return;
    const timer = setTimeout(() => dismiss(id), time);
    return () => clearTimeout(timer);
  }, [id, duration, tone, undoable, held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it stays while it is read
    <div
      role={tone === "bad" ? "alert" : "status"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex items-start gap-2.5 rounded-card bg-raise py-2.5 pl-3 pr-2 shadow-pop"
    >
      {tone === "bad" && (
        <AlertCircle size={16} aria-hidden className="mt-0.5 shrink-0 text-danger" />
      )}
      {tone === "good" && (
        <CheckCircle2 size={16} aria-hidden className="mt-0.5 shrink-0 text-good" />
      )}
      <div className="min-w-0 grow">
        <div className="font-medium">{title}</div>
        {body && <div className="mt-0.5 break-words text-12 text-muted">{body}</div>}
      </div>
      {action && (
        <button
          type="button"
          className="h-6 shrink-0 rounded-tag px-2 text-12 font-semibold text-accent-text hover:bg-hover"
          onClick={() => {
            dismiss(id);
            action.onSelect();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t`Dismiss`}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-tag text-faint hover:bg-hover hover:text-fg"
        onClick={() => dismiss(id)}
      >
        <X size={13} />
      </button>
    </div>
  );
}
