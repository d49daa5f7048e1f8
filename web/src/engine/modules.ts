/**
 * What a module may say about how its collections look. Everything has a default drawn from the
 * definition; a module only overrides where that is not good enough.
 */
import type { LucideIcon } from "lucide-react";
import type { ComponentType, LazyExoticComponent } from "react";
import type { Doc } from "@/engine/definitions";
import type { Writes } from "@/engine/writes";

export type Layout = "list" | "board" | "calendar";

export type BoardView = {
  /** The select or relationship field whose values are the columns. */
  by: string;
  /** The money or number field summed at the head of a column. */
  sum?: string;
  /** Body of a card; the title is drawn above it. */
  card?: ComponentType<{ doc: Doc }>;
  /** What must be known before a card may be dropped: a lost deal's reason. Null cancels the move. */
  beforeDrop?: (
    doc: Doc,
    column: { value: string; label: string; doc?: Doc },
  ) => Promise<Record<string, unknown> | null>;
  /** Which of the related documents are columns, and in which order. */
  columns?: {
    where?: Record<string, string>;
    sort: string;
    /** The relation of a column's document to what it belongs to, one of which is shown at a time: a pipeline. */
    within?: string;
  };
  /** Drawn once beside the board: the dialog that `beforeDrop` asks with. */
  host?: ComponentType;
  /** Told when a card has come into a column. */
  afterDrop?: (doc: Doc, column: { value: string; label: string; doc?: Doc }) => void;
  /** Fields of a card besides the title. */
  fields?: readonly string[];
  /** Where the entries are that say since when a card is in its column. */
  since?: { slug: string; by: string; at: string; where: Record<string, string> };
};

export type CollectionView = {
  icon: LucideIcon;
  /** Hue of the icon where records of several collections are mixed. */
  hue?: number;
  /** Place in the sidebar; absent keeps it out. */
  nav?: { order: number; group: "main" | "work" | "more"; keys?: string };
  layouts?: readonly Layout[];
  columns?: readonly string[];
  board?: BoardView;
  calendar?: { start: string; end?: string };
  /** Fields of the short form; the rest is edited on the record. */
  quick?: readonly string[];
  /** What a new document begins with besides the definition's own defaults: a deal's first stage. */
  defaults?: () => Promise<Record<string, unknown>>;
  /** Sections of the record page, in order; what is not named comes last under "More". */
  sections?: readonly { title: string; fields: readonly string[] }[];
  /** Field of `activities`, `tasks`… that points here: gives the record its timeline. */
  link?: string;
  /** Lists of documents that point here: slug and the field that does. */
  related?: readonly { slug: string; by: string }[];
  /** Drawn under the title of the record page. */
  header?: LazyExoticComponent<ComponentType<{ doc: Doc; writes: Writes }>>;
  /** Hue of a select option where the shared table of `ui/tone` is not right. */
  page?: LazyExoticComponent<ComponentType>;
};

const views = new Map<string, CollectionView>();

export function register(entries: Record<string, CollectionView>): void {
  for (const [slug, view] of Object.entries(entries)) views.set(slug, view);
}

export function viewOf(slug: string): CollectionView | undefined {
  return views.get(slug);
}

export function registeredViews(): readonly [string, CollectionView][] {
  return [...views.entries()];
}
