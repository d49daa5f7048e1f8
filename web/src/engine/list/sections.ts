/**
 * Rows of a list as one run of numbers: without groups the rows themselves, with groups each group's
 * head followed by its rows. Finding what stands at a number is all the window over them needs.
 */
import type { QueryValue } from "@/lib/query-string";

export type Where = Record<string, QueryValue>;

export type Section = {
  id: string;
  /** Narrows the list to the group. */
  where: Where | undefined;
  count: number;
  /** Whether it has a head of its own, and whether its rows are shown under it. */
  head: boolean;
  open: boolean;
};

export type Place = { section: number; row: number | "head" };

/** Where each section begins, and at the end how many rows there are. */
export function starts(sections: readonly Section[]): number[] {
  const out = [0];
  for (const section of sections) {
    const last = out[out.length - 1] ?? 0;
    out.push(last + (section.head ? 1 : 0) + (section.open ? section.count : 0));
  }
  return out;
}

export function placeOf(
  sections: readonly Section[],
  begins: readonly number[],
  index: number,
): Place | null {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((begins[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const section = sections[low];
  const begin = begins[low];
  if (!section || begin === undefined || index < begin || index >= (begins[low + 1] ?? 0))
    return null;
  const inside = index - begin;
  if (!section.head) return { section: low, row: inside };
  return { section: low, row: inside === 0 ? "head" : inside - 1 };
}

export type PageKey = { section: number; page: number };

/** The pages that rows `first` to `last` stand on. */
export function pagesOf(
  sections: readonly Section[],
  begins: readonly number[],
  first: number,
  last: number,
  size: number,
): PageKey[] {
  const out: PageKey[] = [];
  sections.forEach((section, at) => {
    const begin = (begins[at] ?? 0) + (section.head ? 1 : 0);
    const end = (begins[at + 1] ?? 0) - 1;
    if (!section.open || end < first || begin > last || end < begin) return;
    const from = Math.floor((Math.max(first, begin) - begin) / size);
    const to = Math.floor((Math.min(last, end) - begin) / size);
    for (let page = from; page <= to; page++) out.push({ section: at, page: page + 1 });
  });
  return out;
}
