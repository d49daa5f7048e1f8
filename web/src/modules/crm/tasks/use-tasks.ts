/** Which tasks are shown: whose they are and how they are grouped lives in the address. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Definition, Doc } from "@/engine/definitions";
import { fetchList, keys, type ListQuery, listOptions, type Page } from "@/engine/documents";
import { useSession } from "@/engine/session";
import { populateOf, selectOf } from "@/engine/titles";
import type { QueryValue } from "@/lib/query-string";

export type Grouping = "time" | "contact";
/** "me", "all", or the id of a user. */
export type Whose = string;

export type TaskView = {
  whose: Whose;
  grouping: Grouping;
  done: boolean;
  change: (change: Partial<Pick<TaskView, "whose" | "grouping" | "done">>) => void;
};

const DEFAULTS = { whose: "me", grouping: "time", done: false } as const;

export function useTaskView(): TaskView {
  const [params, setParams] = useSearchParams();
  const change: TaskView["change"] = (patch) =>
    setParams(
      (former) => {
        const next = new URLSearchParams(former);
        for (const [name, value] of Object.entries(patch)) {
          if (value === DEFAULTS[name as keyof typeof DEFAULTS]) next.delete(name);
          else next.set(name, String(value));
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return {
    whose: params.get("whose") ?? DEFAULTS.whose,
    grouping: params.get("grouping") === "contact" ? "contact" : "time",
    done: params.get("done") === "true",
    change,
  };
}

const PAGE = 100;
const DONE = 30;
const FIELDS = ["title", "status", "priority", "dueAt", "assignee", "contact", "deal", "company"];

function useShape(definition: Definition): Pick<ListQuery, "select" | "populate" | "depth"> {
  const { schema } = useSession();
  return useMemo(() => {
    const fields = definition.fields.filter((field) => FIELDS.includes(field.name));
    return {
      select: selectOf([...FIELDS, "completedAt"]),
      populate: populateOf(schema, fields),
      depth: 1,
    };
  }, [definition, schema]);
}

function whoseWhere(whose: Whose, me: string): Record<string, QueryValue>[] {
  if (whose === "all") return [];
  return [{ assignee: { equals: whose === "me" ? me : whose } }];
}

function openOptions(query: ListQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.collection("tasks"), "open", query] as const,
    queryFn: ({ pageParam, signal }) =>
      fetchList("tasks", { ...query, limit: PAGE, page: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last: Page) => (last.hasNextPage ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
  });
}

export function useTasks(definition: Definition, { whose, done }: TaskView) {
  const { user } = useSession();
  const shape = useShape(definition);
  const mine = whoseWhere(whose, user.id);
  const open = useInfiniteQuery(
    openOptions({
      ...shape,
      sort: "dueAt,id",
      where: { and: [{ status: { in: ["open", "in_progress"] } }, ...mine] },
    }),
  );
  const finished = useQuery({
    ...listOptions("tasks", {
      ...shape,
      sort: "-completedAt",
      limit: DONE,
      where: { and: [{ status: { equals: "done" } }, ...mine] },
    }),
    enabled: done,
  });
  const tasks = useMemo<Doc[]>(
    () => open.data?.pages.flatMap((page) => page.docs) ?? [],
    [open.data],
  );
  return { open, tasks, total: open.data?.pages[0]?.totalDocs, finished };
}
