/** Writes to many records at once: a different change to each, or one change to everything that matches. */
import { t } from "@lingui/core/macro";
import type { QueryClient } from "@tanstack/react-query";
import { bare, type Definition, type Doc } from "@/engine/definitions";
import { fetchList, keys, type ListQuery, layOver, refresh } from "@/engine/documents";
import { type Patch, patchOne, writeByIds } from "@/engine/patch";
import { offerUndo } from "@/engine/writes";
import { asProblem, type Problem } from "@/lib/problem";
import type { QueryValue } from "@/lib/query-string";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

export type Change = {
  doc: Doc;
  patch: Patch;
  shown: Patch;
  /** What is to be taken back: only while the record is as that left it. */
  only?: { ifMatch: () => string };
};

/** Requests under way at once: enough to be quick, few enough to leave the server to others. */
const LANES = 6;
/** The most that can be taken back: what the server answers in one list. */
const MOST_UNDONE = 10_000;

async function inLanes<T>(jobs: readonly T[], run: (job: T) => Promise<void>): Promise<Problem[]> {
  const failures: Problem[] = [];
  let next = 0;
  const lane = async () => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      await run(job).catch((thrown: unknown) => failures.push(asProblem(thrown)));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failures;
}

type Sent = { written: Map<string, Doc>; failures: Problem[] };

async function send(client: QueryClient, slug: string, changes: readonly Change[]): Promise<Sent> {
  await client.cancelQueries({ queryKey: keys.collection(slug) });
  const shownOf = new Map(changes.map(({ doc, shown }) => [doc.id, shown]));
  layOver(client, slug, [...shownOf.keys()], (held) => ({ ...held, ...shownOf.get(held.id) }));
  const written = new Map<string, Doc>();
  const failures = await inLanes(changes, async ({ doc, patch, only }) => {
    try {
      written.set(doc.id, await patchOne(slug, doc.id, patch, only));
    } catch (thrown) {
      // Only this one: what the others wrote stays.
      const former = Object.fromEntries(
        Object.keys(shownOf.get(doc.id) ?? patch).map((key) => [key, doc[key]]),
      );
      layOver(client, slug, [doc.id], (held) => ({ ...held, ...former }));
      throw thrown;
    }
  });
  void refresh(client, slug);
  return { written, failures };
}

/** Writes each change and offers to take all of them back together. */
export async function writeEach(
  client: QueryClient,
  definition: Definition,
  changes: readonly Change[],
  message: string,
): Promise<void> {
  const { slug } = definition;
  const { written, failures } = await send(client, slug, changes);
  told(failures, changes.length);
  if (written.size === 0) return;
  offerUndo(message, async ({ over, tellNotUndone }) => {
    const undo = changes.flatMap(({ doc, patch, shown }): Change[] => {
      const left = written.get(doc.id);
      if (!left) return [];
      const names = Object.keys(patch);
      return [
        {
          doc: { ...doc, ...patch, ...shown },
          patch: Object.fromEntries(names.map((name) => [name, bare(doc[name])])),
          shown: Object.fromEntries(names.map((name) => [name, doc[name]])),
          only: over(left, patch),
        },
      ];
    });
    tellNotUndone((await send(client, slug, undo)).failures, undo.length);
  });
}

function told(failures: readonly Problem[], total: number): void {
  const [first] = failures;
  if (!first) return;
  const failed = failures.length;
  toast.error(t`${failed} of ${total} were not saved`, first);
}

/** What an "everything that matches" is: never the whole collection by mistake, hence the test. */
type Everything = Pick<ListQuery, "where" | "q">;

const ANY: Record<string, QueryValue> = { id: { exists: true } };

/** The same change to everything that matches. Words searched for are resolved to records first. */
export async function writeAll(
  client: QueryClient,
  definition: Definition,
  scope: Everything,
  patch: Patch,
): Promise<void> {
  const { slug } = definition;
  if (scope.q) {
    const ids = (await idsOf(slug, scope)).map((doc) => doc.id);
    await writeByIds("PATCH", slug, ids, patch);
  } else {
    await bulk(slug, scope.where ?? ANY, patch);
  }
  await refresh(client, slug);
}

async function bulk(slug: string, where: Record<string, QueryValue>, patch: Patch): Promise<void> {
  const query = { where, depth: 0 };
  await request("PATCH", `/api/${slug}`, { query, body: patch, timeout: 120_000 });
}

async function idsOf(slug: string, scope: Everything): Promise<Doc[]> {
  const page = await fetchList(slug, {
    ...scope,
    limit: MOST_UNDONE,
    depth: 0,
    select: { id: true },
    pagination: false,
  });
  return page.docs;
}

/** Moves everything that matches to the trash; brought back by Undo while it is few enough to be named. */
export async function trashAll(
  client: QueryClient,
  definition: Definition,
  scope: Everything,
  total: number,
  message: string,
): Promise<void> {
  const { slug } = definition;
  const few = total <= MOST_UNDONE;
  const docs = few || scope.q ? await idsOf(slug, scope) : [];
  const at = new Date().toISOString();
  const gone = { deletedAt: at };
  const ids = docs.map((doc) => doc.id);
  if (ids.length > 0) await writeByIds("PATCH", slug, ids, gone);
  else await bulk(slug, scope.where ?? ANY, gone);
  await refresh(client, slug);
  if (ids.length === 0) {
    toast({ title: message });
    return;
  }
  offerUndo(message, async (undo) => {
    await undo.bringBack(slug, ids, at);
    await refresh(client, slug);
  });
}
