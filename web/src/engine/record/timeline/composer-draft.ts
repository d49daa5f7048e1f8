/** What a person has begun to write about a record. */
import type { LogKind } from "@/engine/record/timeline/kinds";
import type { User } from "@/engine/session";

export type Draft = {
  kind: LogKind;
  /** The note. */
  text: string;
  /** Title of a call, an email, a meeting, a task. */
  subject: string;
  body: string;
  /** When it happened; now unless said. */
  at: string | null;
  due: string | null;
  assignee: { id: string; name: string } | string | null;
};

export function emptyDraft(user: Pick<User, "id" | "name">): Draft {
  return {
    kind: "note",
    text: "",
    subject: "",
    body: "",
    at: null,
    due: null,
    assignee: { id: user.id, name: user.name },
  };
}

export function isReady(draft: Draft): boolean {
  return (draft.kind === "note" ? draft.text : draft.subject).trim() !== "";
}
