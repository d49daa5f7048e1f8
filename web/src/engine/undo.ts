/**
 * Taking back what was written, unless somebody else has changed it since: along with the former values the
 * server is told which states of the record are ours (`If-Match`). What is refused stays as it is, and it is said.
 */
import { t } from "@lingui/core/macro";
import { bare, type Doc } from "@/engine/definitions";
import { lately, type Patch, patchOne, writeByIds } from "@/engine/patch";
import type { Writes } from "@/engine/writes";
import { asProblem, Problem } from "@/lib/problem";
import { toast } from "@/ui/toast";

/**
 * The states in which a record holds in `fields` what `written` left there or we ourselves wrote later, as
 * `If-Match` takes them. A later write of ours that found these fields changed is none of them.
 */
export function statesSince(written: Doc, fields: readonly string[]): string {
  const states = [written.updatedAt];
  let held = written;
  const later = lately.filter(
    ({ doc }) => doc.id === written.id && doc.updatedAt > written.updatedAt,
  );
  later.sort((a, b) => (a.doc.updatedAt < b.doc.updatedAt ? -1 : 1));
  for (const each of later) {
    const same = (field: string) => textOf(each.doc[field]) === textOf(held[field]);
    if (!fields.every((field) => each.fields.includes(field) || same(field))) continue;
    states.push(each.doc.updatedAt);
    held = each.doc;
  }
  return states.map((state) => `"${state}"`).join(", ");
}

function textOf(value: unknown): string {
  return JSON.stringify(bare(value));
}

/** What `patchOne` takes to write over `written` only. */
export function over(written: Doc, patch: Patch): { ifMatch: () => string } {
  return { ifMatch: () => statesSince(written, Object.keys(patch)) };
}

/** Gives a record its former values again; false, and said why, when that was refused. */
export async function takeBack(
  writes: Writes,
  written: Doc,
  former: Patch,
  shown: Patch,
): Promise<boolean> {
  try {
    await writes.patch(written.id, former, shown, over(written, former).ifMatch);
    return true;
  } catch (thrown) {
    notUndone(thrown);
    return false;
  }
}

/** Each by itself: what somebody else has changed since stays, the others are taken back. */
export async function takeEachBack(
  slug: string,
  written: readonly Doc[],
  former: readonly Doc[],
  fields: readonly string[],
): Promise<void> {
  const before = new Map(former.map((doc) => [doc.id, doc]));
  const outcomes = await Promise.allSettled(
    written.flatMap((left) => {
      const doc = before.get(left.id);
      if (!doc) return [];
      const patch = Object.fromEntries(fields.map((field) => [field, bare(doc[field])]));
      return [patchOne(slug, left.id, patch, over(left, patch))];
    }),
  );
  const problems = outcomes.flatMap((each) =>
    each.status === "rejected" ? [asProblem(each.reason)] : [],
  );
  tellNotUndone(problems, written.length);
}

/** From the trash, unless somebody else has brought back or trashed them anew since. */
export async function bringBack(slug: string, ids: readonly string[], at: string): Promise<void> {
  try {
    const back = await writeByIds("PATCH", slug, ids, { deletedAt: null }, at);
    const others = ids.length - back.length;
    if (others > 0) someNotUndone(others, ids.length);
  } catch (thrown) {
    toast.error(t`Not restored`, asProblem(thrown));
  }
}

/** Whether somebody else came in between. */
function isOvertaken(problem: Problem): boolean {
  return problem.kind === "conflict" || problem.kind === "missing";
}

/** Says that a write stands, and why. */
export function notUndone(thrown: unknown): void {
  const problem = asProblem(thrown);
  const title = t`Not undone`;
  if (!isOvertaken(problem)) {
    toast.error(title, problem);
    return;
  }
  const body =
    problem.kind === "conflict"
      ? t`Someone else has changed this record in the meantime. Their change stays.`
      : t`The record was deleted in the meantime.`;
  toast({ title, body, tone: "bad" });
}

/** Of many that were to be taken back, those that were not: each reason is said once. */
export function tellNotUndone(problems: readonly Problem[], total: number): void {
  const overtaken = problems.filter(isOvertaken);
  const failed = problems.find((problem) => !isOvertaken(problem));
  if (overtaken.length > 0) someNotUndone(overtaken.length, total);
  if (failed) toast.error(t`Some could not be brought back`, failed);
}

function someNotUndone(some: number, total: number): void {
  if (total === 1) {
    notUndone(new Problem("conflict", ""));
    return;
  }
  toast({
    title: t`${some} of ${total} were not undone`,
    body: t`What someone else has changed in the meantime stays as they left it.`,
    tone: "bad",
  });
}
