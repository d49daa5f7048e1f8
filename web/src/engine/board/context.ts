/** What all columns and cards of a board share. */
import { type ComponentType, createContext, useContext } from "react";
import type { CardFields } from "@/engine/board/card-fields";
import type { CardQuery } from "@/engine/board/cards";
import type { BoardColumn } from "@/engine/board/columns";
import type { Definition, Doc, Field } from "@/engine/definitions";
import type { BoardView } from "@/engine/modules";

export type BoardShared = {
  /** Tells the cards of this board from those of another. */
  id: string;
  definition: Definition;
  field: Field;
  view: BoardView | undefined;
  query: CardQuery;
  fields: CardFields;
  columns: readonly BoardColumn[];
  ordered: boolean;
  movable: boolean;
  body: ComponentType<{ doc: Doc }> | undefined;
  onFocus: (id: string) => void;
  onMoveTo: (id: string, column: BoardColumn) => void;
  onCollapse: (column: BoardColumn, collapsed: boolean) => void;
  onLimit: (column: BoardColumn, limit: number | null) => void;
  /** How to bring a card of a column on screen that virtual rows leave out. */
  reveal: Map<string, (index: number) => void>;
};

export const BoardContext = createContext<BoardShared | null>(null);

export function useBoard(): BoardShared {
  const shared = useContext(BoardContext);
  if (!shared) throw new Error("outside of a board");
  return shared;
}
