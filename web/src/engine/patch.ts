/** Changing fields of a record, and what is remembered of it so that it can be taken back (`engine/undo`). */
import type { Doc } from "@/engine/definitions";
import type { QueryValue } from "@/lib/query-string";
import { request } from "@/lib/request";

export type Patch = Record<string, unknown>;

/** Ids named in one address: proxies cut those over 8 kB. */
const BATCH = 100;
/** Milliseconds that a hundred records may take. */
const BULK_TIME_LIMIT = 120_000;
/** Writes remembered: more than anyone makes while a notice with Undo stands. */
const MOST = 200;
/** What writes of ours made of records, and the fields they wrote. */
export const lately: { doc: Doc; fields: readonly string[] }[] = [];
/** By record, settled when all that was sent of it has been answered. */
const underWay = new Map<string, Promise<unknown>>();

export function remember(doc: Doc, fields: readonly string[]): void {
  lately.push({ doc, fields });
  if (lately.length > MOST) lately.shift();
}

type Options = {
  query?: Record<string, QueryValue>;
  tenant?: string | null;
  /** The states of the record that may be changed, asked for when it is sent; absent means any. */
  ifMatch?: (() => string) | undefined;
};

export function patchOne(
  slug: string,
  id: string,
  body: Patch,
  { query, ifMatch, ...rest }: Options = {},
): Promise<Doc> {
  const send = async () => {
    const { doc } = await request<{ doc: Doc }>("PATCH", `/api/${slug}/${id}`, {
      body,
      query: { depth: 0, ...query },
      ...(ifMatch ? { ifMatch: ifMatch() } : {}),
      ...rest,
    });
    remember(doc, Object.keys(body));
    return doc;
  };
  // Of what is still under way it is not known which state it leaves.
  const before = underWay.get(id);
  const sent = ifMatch && before ? before.then(send) : send();
  const settled = Promise.allSettled([before, sent]);
  underWay.set(id, settled);
  void settled.then(() => {
    if (underWay.get(id) === settled) underWay.delete(id);
  });
  return sent;
}

/** The same write to records by their ids; answers with what it made of them. `at`: only those trashed at that instant. */
export async function writeByIds(
  method: "PATCH" | "DELETE",
  slug: string,
  ids: readonly string[],
  body?: Patch,
  at?: string,
): Promise<Doc[]> {
  const out: Doc[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const where: Record<string, QueryValue> = { id: { in: ids.slice(from, from + BATCH) } };
    if (at) where.deletedAt = { equals: at };
    const query = { where, depth: 0, ...(at ? { trash: true } : {}) };
    const sent = { query, timeout: BULK_TIME_LIMIT, ...(body ? { body } : {}) };
    const { docs } = await request<{ docs: Doc[] }>(method, `/api/${slug}`, sent);
    if (body) for (const doc of docs) remember(doc, Object.keys(body));
    out.push(...docs);
  }
  return out;
}
