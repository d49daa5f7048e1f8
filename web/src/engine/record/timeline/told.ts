/** What the product wrote, taken apart so that it can be said in the viewer's language. */
import { label } from "@/lib/i18n";

export type Told =
  | { form: "change"; field: string; from: string; to: string }
  | { form: "created"; noun: string }
  | { form: "done"; title: string }
  | { form: "text"; text: string };

/** "Stage: Qualified → Won", "Deal created", "Task done: Call Ana"; anything else is a text. */
export function toldOf(subject: string, kind: string): Told {
  const change = kind.endsWith("_changed") ? /^([^:]+): (.*) → (.*)$/s.exec(subject) : null;
  if (change) {
    const [, field = "", from = "", to = ""] = change;
    return { form: "change", field, from, to };
  }
  const created = kind === "created" ? /^(.+) created$/s.exec(subject) : null;
  if (created) return { form: "created", noun: created[1] ?? "" };
  const done = kind === "task" ? /^Task done: (.+)$/s.exec(subject) : null;
  if (done) return { form: "done", title: done[1] ?? "" };
  return { form: "text", text: subject };
}

/** A value of a change: what people named, such as a stage, keeps its name. */
export function saidValue(text: string, kind: string): string {
  return kind === "stage_changed" || kind === "owner_changed" ? text : label(text);
}

const SHORT = 140;

/** A note is one text: its first line is the subject, the whole the body where it says more. */
export function noteOf(text: string): { subject: string; body: string | null } {
  const whole = text.trim();
  const [line = ""] = whole.split("\n");
  const first = line.trim();
  if (first === whole && first.length <= SHORT) return { subject: first, body: null };
  const subject = first.length <= SHORT ? first : `${[...first].slice(0, SHORT - 1).join("")}…`;
  return { subject, body: whole };
}

/** The one text of a note: a body that begins as the subject does says it all. */
export function noteText(subject: string, body: string | null): string {
  if (!body) return subject;
  const start = subject.replace(/…$/, "");
  return body.startsWith(start) ? body : `${subject}\n${body}`;
}
