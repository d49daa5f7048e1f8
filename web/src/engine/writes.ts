/**
 * Writes: shown at once, rolled back with the reason when the server refuses, undone from the toast.
 */
import { t } from "@lingui/core/macro";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { bare, type Definition, type Doc, patchAt, valueAt } from "@/engine/definitions";
import { fetchList, keys, layOver, refresh } from "@/engine/documents";
import { type Patch, patchOne, writeByIds } from "@/engine/patch";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { deferred } from "@/ui/deferred";
import { toast } from "@/ui/toast";

type Said = {
  /** What the toast says; absent means no toast (the change is seen where it was made). */
  message?: string;
  /** What to show until the server has answered, when it differs from what is sent (a relation's document). */
  shown?: Patch;
};

/** Collections whose documents change along with one of another: a deal's move writes its timeline. */
const ALONG: Record<string, readonly string[]> = {
  deals: ["activities"],
  contacts: ["activities", "deals"],
  companies: ["activities", "contacts", "deals"],
  tasks: ["activities"],
  stages: ["deals"],
};

function settle(client: QueryClient, slug: string): void {
  for (const each of [slug, ...(ALONG[slug] ?? [])]) void refresh(client, each);
  if (slug === "audit") return;
  void refresh(client, "audit");
}

export class Writes {
  private readonly client: QueryClient;
  private readonly definition: Definition;

  constructor(client: QueryClient, definition: Definition) {
    this.client = client;
    this.definition = definition;
  }

  private get slug(): string {
    return this.definition.slug;
  }

  /** Changes fields of one document. Throws the `Problem` after it has been rolled back and told. */
  async update(held: Doc, patch: Patch, said: Said = {}): Promise<Doc> {
    const fields = Object.keys(patch);
    // A list holds the columns it shows; Undo must not take what it does not know for empty.
    const unknown = said.message ? fields.filter((field) => !(field in held)) : [];
    const doc = unknown.length > 0 ? await this.completed(held, unknown) : held;
    const former: Patch = Object.fromEntries(fields.map((field) => [field, bare(doc[field])]));
    const formerShown: Patch = Object.fromEntries(fields.map((field) => [field, doc[field]]));
    const written = await this.patch(doc.id, patch, { ...patch, ...said.shown });
    if (said.message) {
      offerUndo(said.message, (undo) => undo.takeBack(this, written, former, formerShown));
    }
    return written;
  }

  /** The value at a dotted path. */
  set(doc: Doc, path: string, value: unknown, said: Said = {}): Promise<Doc> {
    const [first = path] = path.split(".");
    const patch = patchAt(doc, path, value);
    const shown = said.shown ?? {};
    return this.update(doc, { [first]: patch[first] }, { ...said, shown });
  }

  /** Throws the `Problem` after it has been rolled back; with `ifMatch` telling it is left to the caller. */
  async patch(id: string, patch: Patch, shown: Patch, ifMatch?: () => string): Promise<Doc> {
    await this.client.cancelQueries({ queryKey: keys.collection(this.slug) });
    const back = layOver(this.client, this.slug, [id], (doc) => ({ ...doc, ...shown }));
    try {
      const written = await patchOne(this.slug, id, patch, { query: { depth: 1 }, ifMatch });
      layOver(this.client, this.slug, [id], (doc) => ({ ...doc, ...known(written, doc) }));
      settle(this.client, this.slug);
      return written;
    } catch (thrown) {
      back();
      settle(this.client, this.slug);
      const problem = asProblem(thrown);
      if (!ifMatch) toast.error(t`Not saved`, problem);
      throw problem;
    }
  }

  /** The same change to many documents; what could not be changed is said. */
  async updateMany(docs: readonly Doc[], patch: Patch, message: string): Promise<void> {
    const ids = docs.map((doc) => doc.id);
    const back = layOver(this.client, this.slug, ids, (doc) => ({ ...doc, ...patch }));
    const fields = Object.keys(patch);
    try {
      const former = await this.former(ids, fields);
      const written = await writeByIds("PATCH", this.slug, ids, patch);
      offerUndo(message, async (undo) => {
        await undo.takeEachBack(this.slug, written, former, fields);
        settle(this.client, this.slug);
      });
    } catch (thrown) {
      back();
      toast.error(t`Not saved`, asProblem(thrown));
    } finally {
      settle(this.client, this.slug);
    }
  }

  private async completed(held: Doc, fields: readonly string[]): Promise<Doc> {
    try {
      const [rest] = await this.former([held.id], fields);
      return { ...rest, ...held };
    } catch (thrown) {
      const problem = asProblem(thrown);
      toast.error(t`Not saved`, problem);
      throw problem;
    }
  }

  /** As the server has them: what was chosen holds only the columns shown, as they were then. */
  private async former(ids: readonly string[], fields: readonly string[]): Promise<Doc[]> {
    const select = Object.fromEntries(fields.map((field) => [field, true]));
    const where = { id: { in: ids } };
    const query = { where, select, depth: 0, limit: ids.length, pagination: false };
    return (await fetchList(this.slug, query)).docs;
  }

  async create(data: Patch, said: Said = {}): Promise<Doc> {
    const answer = await request<{ doc: Doc }>("POST", `/api/${this.slug}`, {
      body: data,
      query: { depth: 1 },
    });
    settle(this.client, this.slug);
    if (said.message) toast({ title: said.message, tone: "good" });
    return answer.doc;
  }

  /** To the trash where there is one (and back by Undo), else for good: ask first. */
  async remove(docs: readonly Doc[], message: string): Promise<void> {
    const ids = docs.map((doc) => doc.id);
    const back = layOver(this.client, this.slug, ids, () => null);
    try {
      if (this.definition.trash) {
        const at = new Date().toISOString();
        await writeByIds("PATCH", this.slug, ids, { deletedAt: at });
        offerUndo(message, async (undo) => {
          await undo.bringBack(this.slug, ids, at);
          settle(this.client, this.slug);
        });
      } else {
        await writeByIds("DELETE", this.slug, ids);
        toast({ title: message });
      }
    } catch (thrown) {
      back();
      const problem = asProblem(thrown);
      toast.error(t`Not deleted`, problem);
      throw problem;
    } finally {
      settle(this.client, this.slug);
    }
  }
}

const undoing = deferred(() => import("@/engine/undo"));

/** A notice from which a write can be taken back. */
export function offerUndo(
  title: string,
  takeBack: (undo: typeof import("@/engine/undo")) => Promise<unknown>,
): void {
  const failed = (thrown: unknown) => toast.error(t`Not undone`, asProblem(thrown));
  const onSelect = () => void undoing.load().then(takeBack).catch(failed);
  toast({ title, action: { label: t`Undo`, onSelect } });
}

/** Of what the server answered, the keys that a cached copy holds: it may have been a selection. */
function known(answer: Doc, held: Doc): Partial<Doc> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(held)) if (key in answer) out[key] = valueAt(answer, key);
  return out;
}

export function useWrites(definition: Definition): Writes {
  const client = useQueryClient();
  return useMemo(() => new Writes(client, definition), [client, definition]);
}
