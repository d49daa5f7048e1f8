/** Writes to many records at once: a different change to each, or one change to everything that matches. */
import { t } from "@lingui/core/macro";
import type { QueryClient } from "@tanstack/react-query";
import type { Definition, Doc } from "@/engine/definitions";
import { fetchList, keys, type ListQuery, layOver, refresh } from "@/engine/documents";
import { BATCH, bare, type Patch } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import type { QueryValue } from "@/lib/query-string";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

export type Change = { doc: Doc; patch: Patch; shown: Patch };

/** Requests under way at once: enough to be quick, few enough to leave the server to others. */
const LANES = 6;
/** The most that can be taken back: what the server answers in one list. */
const MOST_UNDONE = 10_000;

async function inLanes<T>(jobs: readonly T[], run: (job: T) => Promise<void>): Promise<unknown[]> {
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      await run(job).catch((thrown: unknown) => failures.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failures;
}

async function send(
  client: QueryClient,
  slug: string,
  changes: readonly Change[],
): Promise<unknown[]> {
  await client.cancelQueries({ queryKey: keys.collection(slug) });
  const shownOf = new Map(changes.map(({ doc, shown }) => [doc.id, shown]));
  layOver(client, slug, [...shownOf.keys()], (held) => ({ ...held, ...shownOf.get(held.id) }));
  const failures = await inLanes(changes, async ({ doc, patch }) => {
    try {
      await request("PATCH", `/api/${slug}/${doc.id}`, { body: patch, query: { depth: 0 } });
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
  return failures;
}

/** Writes each change and offers to take all of them back together. */
export async function writeEach(
  client: QueryClient,
  definition: Definition,
  changes: readonly Change[],
  message: string,
): Promise<void> {
  const { slug } = definition;
  const undo = changes.map(({ doc, patch }): Change => {
    const names = Object.keys(patch);
    return {
      doc: { ...doc, ...patch },
      patch: Object.fromEntries(names.map((name) => [name, bare(doc[name])])),
      shown: Object.fromEntries(names.map((name) => [name, doc[name]])),
    };
  });
  const failures = await send(client, slug, changes);
  told(failures, changes.length);
  if (failures.length === changes.length) return;
  const takeBack = async () => told(await send(client, slug, undo), undo.length);
  toast({ title: message, action: { label: t`Undo`, onSelect: () => void takeBack() } });
}

function told(failures: readonly unknown[], total: number): void {
  if (failures.length === 0) return;
  const failed = failures.length;
  toast.error(t`${failed} of ${total} were not saved`, asProblem(failures[0]));
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
    await byIds(slug, ids, patch);
  } else {
    await bulk(slug, scope.where ?? ANY, patch);
  }
  await refresh(client, slug);
}

async function bulk(
  slug: string,
  where: Record<string, QueryValue>,
  patch: Patch,
  trash = false,
): Promise<void> {
  const query = { where, depth: 0, ...(trash ? { trash } : {}) };
  await request("PATCH", `/api/${slug}`, { query, body: patch, timeout: 120_000 });
}

async function byIds(
  slug: string,
  ids: readonly string[],
  patch: Patch,
  trash = false,
): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    await bulk(slug, { id: { in: ids.slice(at, at + BATCH) } }, patch, trash);
  }
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
  const gone = { deletedAt: new Date().toISOString() };
  const ids = docs.map((doc) => doc.id);
  if (ids.length > 0) await byIds(slug, ids, gone);
  else await bulk(slug, scope.where ?? ANY, gone);
  await refresh(client, slug);
  const undo = async () => {
    try {
      await byIds(slug, ids, { deletedAt: null }, true);
    } catch (thrown) {
      toast.error(t`Not restored`, asProblem(thrown));
    }
    await refresh(client, slug);
  };
  toast({
    title: message,
    ...(ids.length > 0 ? { action: { label: t`Undo`, onSelect: () => void undo() } } : {}),
  });
}
