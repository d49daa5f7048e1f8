/** Moving a card: shown at once, written in order, rolled back with the reason, undone from the toast. */
import { t } from "@lingui/core/macro";
import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { type CardQuery, cached, cardsOf, columnList, moveCached } from "@/engine/board/cards";
import { type BoardColumn, NONE, recount } from "@/engine/board/columns";
import { type Place, type Placed, placeAt } from "@/engine/board/position";
import { bare, type Definition, type Doc } from "@/engine/definitions";
import { type Aggregate, fetchList, keys, layOver } from "@/engine/documents";
import type { BoardView } from "@/engine/modules";
import type { Patch } from "@/engine/patch";
import { titleOf } from "@/engine/titles";
import { offerUndo, useWrites, type Writes } from "@/engine/writes";

export type MoveContext = {
  definition: Definition;
  query: CardQuery;
  view: BoardView | undefined;
  /** Of the figures at the column heads. */
  figuresKey: QueryKey;
  sum: string | undefined;
  ordered: boolean;
  announce: (text: string) => void;
  nameOf: (column: BoardColumn) => string;
  /** Told when the card stands where it goes, so that the focus can follow it. */
  onShown: (id: string) => void;
};

export type Move = {
  doc: Doc;
  from: BoardColumn;
  to: BoardColumn;
  /** Among the other cards of the column it goes to. */
  index: number;
};

export type MoveCard = (move: Move) => Promise<boolean>;

export function useMove(context: MoveContext): MoveCard {
  const client = useQueryClient();
  const writes = useWrites(context.definition);
  // One write after the other: the second of two quick moves must not overtake the first.
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const latest = useRef(context);
  latest.current = context;
  return useCallback(
    async (move) => {
      const mover = new Mover(client, writes, latest.current);
      const told = await mover.ask(move);
      if (!told) return false;
      const send = mover.show(move, told);
      latest.current.onShown(move.doc.id);
      const turn = line.current.then(send);
      line.current = turn.catch(() => undefined);
      return turn;
    },
    [client, writes],
  );
}

type Told = { extra: Patch; place: Place | null };

class Mover {
  private readonly client: QueryClient;
  private readonly writes: Writes;
  private readonly context: MoveContext;

  constructor(client: QueryClient, writes: Writes, context: MoveContext) {
    this.client = client;
    this.writes = writes;
    this.context = context;
  }

  /** What must be known before the card moves: a lost deal's reason, the number of its place. */
  async ask(move: Move): Promise<Told | null> {
    const { view, announce, definition, ordered } = this.context;
    const crosses = move.from.value !== move.to.value;
    let extra: Patch = {};
    if (crosses && view?.beforeDrop) {
      const answer = await view.beforeDrop(move.doc, move.to);
      if (!answer) {
        const title = titleOf(definition, move.doc);
        announce(t`${title} stays where it was`);
        return null;
      }
      extra = answer;
    }
    if (!ordered) return { extra, place: null };
    const others = this.others(move);
    // Of a column that was never loaded nobody knows the end; the server puts the card there.
    if (!others) return { extra, place: null };
    const beyond = move.index >= others.length ? await this.next(move, others.length) : [];
    return { extra, place: placeAt([...others, ...beyond], move.index) };
  }

  private others({ doc, to }: Move): Placed[] | null {
    const data = cached(this.client, this.context.query, to.value);
    if (!data) return null;
    return cardsOf(data)
      .filter((each) => each.id !== doc.id)
      .map((each) => ({ id: each.id, position: positionOf(each) }));
  }

  /** The first card that is not loaded yet, when there are such. */
  private async next({ to, from }: Move, loaded: number): Promise<Placed[]> {
    const { query } = this.context;
    if (!cached(this.client, query, to.value)?.pages.at(-1)?.hasNextPage) return [];
    const list = columnList(
      { ...query, select: { position: true }, populate: undefined },
      to.value,
    );
    const page = loaded + 1 + (from.value === to.value ? 1 : 0);
    const found = await fetchList(query.slug, { ...list, limit: 1, page, depth: 0 }).catch(
      () => null,
    );
    return (found?.docs ?? []).map((each) => ({ id: each.id, position: positionOf(each) }));
  }

  /** Shows the move and returns what sends it. */
  show(move: Move, { extra, place }: Told): () => Promise<boolean> {
    const { by } = this.context.query;
    const crosses = move.from.value !== move.to.value;
    const patch: Patch = {
      ...extra,
      ...(crosses ? { [by]: move.to.value === NONE ? null : move.to.value } : {}),
      ...(place ? { position: place.position } : {}),
    };
    if (Object.keys(patch).length === 0) return async () => true;
    const shown: Patch = { ...patch, ...(crosses ? { [by]: shownAs(move.to) } : {}) };
    const formerIndex = this.indexOf(move.doc, move.from);
    const back = this.lay({ ...move, doc: { ...move.doc, ...shown } }, place?.others ?? []);
    this.say(move);
    return async () => {
      let written: Doc;
      try {
        await this.makeRoom(place?.others ?? []);
        written = await this.writes.update(move.doc, patch, { shown });
      } catch {
        // `writes` has told why.
        back();
        const title = titleOf(this.context.definition, move.doc);
        this.context.announce(t`${title} is back where it was`);
        return false;
      }
      if (crosses) this.offerUndo(move, patch, written, formerIndex);
      this.context.view?.afterDrop?.(move.doc, move.to);
      return true;
    };
  }

  private indexOf(doc: Doc, column: BoardColumn): number {
    const data = cached(this.client, this.context.query, column.value);
    return Math.max(
      0,
      cardsOf(data).findIndex((each) => each.id === doc.id),
    );
  }

  private lay(move: Move, others: Place["others"]): () => void {
    const { query, figuresKey, sum } = this.context;
    // Answers on their way know nothing of the move.
    void this.client.cancelQueries({ queryKey: keys.collection(query.slug) });
    const ids = others.map((each) => each.id);
    const backOthers = layOver(this.client, query.slug, ids, (doc) => {
      const found = others.find((each) => each.id === doc.id);
      return found ? { ...doc, position: found.position } : doc;
    });
    const backCards = moveCached(this.client, query, {
      doc: move.doc,
      from: move.from.value,
      to: move.to.value,
      index: move.index,
    });
    const figures = this.client.getQueryData<Aggregate>(figuresKey);
    if (figures) {
      const card = { from: move.from.value, to: move.to.value, sum, amount: sum && move.doc[sum] };
      this.client.setQueryData(figuresKey, recount(figures, query.by, card));
    }
    return () => {
      if (figures) this.client.setQueryData(figuresKey, figures);
      backCards();
      backOthers();
    };
  }

  private async makeRoom(others: Place["others"]): Promise<void> {
    const docs = others.map(({ id, position }) => ({
      doc: { id, createdAt: "", updatedAt: "" },
      position,
    }));
    await Promise.all(docs.map(({ doc, position }) => this.writes.update(doc, { position })));
  }

  private say({ doc, to, index }: Move): void {
    const { definition, query, announce, nameOf } = this.context;
    const title = titleOf(definition, doc);
    const column = nameOf(to);
    const data = cached(this.client, query, to.value);
    const count = data?.pages[0]?.totalDocs ?? 1;
    const place = Math.min(index + 1, count);
    announce(t`Moved ${title} to ${column}, position ${place} of ${count}`);
  }

  private offerUndo(move: Move, patch: Patch, written: Doc, formerIndex: number): void {
    const { definition, query, nameOf } = this.context;
    const title = titleOf(definition, move.doc);
    const column = nameOf(move.to);
    const former: Patch = Object.fromEntries(
      Object.keys(patch).map((key) => [key, bare(move.doc[key])]),
    );
    former[query.by] = move.from.value === NONE ? null : move.from.value;
    // Also where the server chose the place: back means back between the same neighbors.
    if (this.context.ordered) former.position = positionOf(move.doc);
    offerUndo(t`${title} moved to ${column}`, async (undo) => {
      const moved: Doc = { ...move.doc, ...patch };
      const shown: Patch = { ...former, [query.by]: shownAs(move.from) };
      const doc: Doc = { ...moved, ...shown };
      const reverse = { doc, from: move.to, to: move.from, index: formerIndex };
      const back = this.lay(reverse, []);
      this.say(reverse);
      if (!(await undo.takeBack(this.writes, written, former, shown))) back();
    });
  }
}

function shownAs(column: BoardColumn): unknown {
  return column.doc ?? (column.value === NONE ? null : column.value);
}

export function positionOf(doc: Doc): number | null {
  return typeof doc.position === "number" ? doc.position : null;
}
