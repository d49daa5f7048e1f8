/** What a raw list shows, as the address has it. */
import { useSearchParams } from "react-router";
import { parseWhere, type Where } from "@/app/admin/where-json";

export const SIZES = [25, 50, 100, 250] as const;

export type ListState = {
  /** The filter's text, as it was written. */
  text: string;
  where: Where | null;
  sort: string;
  page: number;
  limit: number;
  trash: boolean;
};

export type ListPatch = Partial<Pick<ListState, "text" | "sort" | "page" | "limit" | "trash">>;

export function readState(params: URLSearchParams, defaultSort: string): ListState {
  const text = params.get("where") ?? "";
  let where: Where | null = null;
  try {
    where = parseWhere(text);
  } catch {
    // A broken link filters nothing; the editor shows its text and what is wrong with it.
  }
  const limit = Number(params.get("limit"));
  const page = Number(params.get("page"));
  return {
    text,
    where,
    sort: params.get("sort") ?? defaultSort,
    page: Number.isInteger(page) && page > 0 ? page : 1,
    limit: SIZES.find((size) => size === limit) ?? 50,
    trash: params.get("trash") === "true",
  };
}

export function useListState(defaultSort: string): [ListState, (patch: ListPatch) => void] {
  const [params, setParams] = useSearchParams();
  const state = readState(params, defaultSort);
  const change = ({ text, ...patch }: ListPatch) =>
    setParams((former) => {
      const entries = { ...patch, ...(text === undefined ? {} : { where: text }) };
      // Another filter, order or size has other pages.
      if (!("page" in entries)) former.delete("page");
      for (const [key, value] of Object.entries(entries)) {
        const idle = value === "" || value === false || (key === "sort" && value === defaultSort);
        if (idle || (key === "page" && value === 1)) former.delete(key);
        else former.set(key, String(value));
      }
      return former;
    });
  return [state, change];
}
