/** Views kept on the server: private to their owner or shared with everyone in the account. */
import { t } from "@lingui/core/macro";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Definition, idOf } from "@/engine/definitions";
import { fetchList, keys } from "@/engine/documents";
import type { Layout } from "@/engine/modules";
import { usePreferences } from "@/engine/preferences";
import { isAdmin, useSession } from "@/engine/session";
import type { ViewState } from "@/engine/view-state";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

/** What a saved view says; what it leaves out comes from the module's view. */
export type ViewConfig = Partial<Omit<ViewState, "layout" | "view">>;

export type SavedView = {
  id: string;
  name: string;
  collection: string;
  layout: Layout;
  config: ViewConfig | null;
  shared: boolean;
  owner: string | null;
  position: number | null;
};

const SLUG = "views";

export function savedViewsOptions(collection: string) {
  return queryOptions({
    queryKey: [...keys.collection(SLUG), "of", collection],
    queryFn: async ({ signal }) => {
      const where = { collection: { equals: collection } };
      const page = await fetchList(
        SLUG,
        { where, depth: 0, limit: 200, sort: "position,name", pagination: false },
        signal,
      );
      return page.docs as unknown as SavedView[];
    },
    staleTime: 60_000,
    retry: false,
  });
}

/** The views one sees of a collection, and whether they are known yet. */
export function useSavedViews(collection: string): { views: SavedView[]; pending: boolean } {
  const { data, isPending } = useQuery(savedViewsOptions(collection));
  return { views: data ?? [], pending: isPending };
}

/** The view a person starts a collection with: theirs to choose, kept with their account. */
export function useDefaultView(collection: string): [string | null, (id: string | null) => void] {
  const [preferences, setPreferences] = usePreferences();
  const chosen = (preferences.defaultViews ?? {}) as Record<string, string>;
  const set = (id: string | null) => {
    const { [collection]: _, ...others } = chosen;
    setPreferences({ defaultViews: id ? { ...others, [collection]: id } : others });
  };
  return [chosen[collection] ?? null, set];
}

/** What of a state is kept in a view. */
export function configOf(state: ViewState): ViewConfig {
  const { layout: _, view: __, ...config } = state;
  return config;
}

export type ViewWrites = {
  /** Makes a view of what is on screen. */
  create: (name: string, shared: boolean, state: ViewState) => Promise<SavedView | null>;
  /** Whether it was saved; why not is told. */
  save: (view: SavedView, state: ViewState) => Promise<boolean>;
  change: (
    view: SavedView,
    change: Partial<Pick<SavedView, "name" | "shared">>,
  ) => Promise<boolean>;
  remove: (view: SavedView) => Promise<boolean>;
  mayChange: (view: SavedView) => boolean;
  mayShare: boolean;
  mayCreate: boolean;
};

export function useViewWrites(definition: Definition): ViewWrites {
  const client = useQueryClient();
  const { user, role, schema } = useSession();
  const collection = definition.slug;
  const mutation = useMutation({
    mutationFn: ({ method, id, body }: Call) =>
      request<{ doc: SavedView }>(method, id ? `/api/${SLUG}/${id}` : `/api/${SLUG}`, {
        query: { depth: 0 },
        ...(body ? { body } : {}),
      }),
    onError: (error) => toast.error(t`The view was not saved`, asProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.collection(SLUG) }),
  });
  /** Shows the change at once: a tab that is renamed is renamed. */
  const lay = (next: (views: SavedView[]) => SavedView[]) =>
    client.setQueryData(savedViewsOptions(collection).queryKey, (held) =>
      held ? next(held) : held,
    );
  const change = async (view: SavedView, body: Partial<SavedView>) => {
    lay((views) => views.map((each) => (each.id === view.id ? { ...each, ...body } : each)));
    const done = await mutation
      .mutateAsync({ method: "PATCH", id: view.id, body })
      .catch(() => null);
    return done !== null;
  };
  const target = schema.collections.find((each) => each.slug === SLUG);
  return {
    create: async (name, shared, state) => {
      const body = { name, collection, layout: state.layout, config: configOf(state), shared };
      const answer = await mutation.mutateAsync({ method: "POST", body }).catch(() => null);
      if (answer) {
        // The refetched list may have been faster.
        lay((views) => [...views.filter((each) => each.id !== answer.doc.id), answer.doc]);
      }
      return answer?.doc ?? null;
    },
    save: (view, state) => change(view, { layout: state.layout, config: configOf(state) }),
    change,
    remove: async (view) => {
      const done = await mutation.mutateAsync({ method: "DELETE", id: view.id }).catch(() => null);
      if (done) lay((views) => views.filter((each) => each.id !== view.id));
      return done !== null;
    },
    mayChange: (view) => idOf(view.owner) === user.id || (view.shared && isAdmin(role)),
    mayShare: role !== "viewer",
    mayCreate: target?.permissions.create ?? false,
  };
}

type Call = { method: "POST" | "PATCH" | "DELETE"; id?: string; body?: Partial<SavedView> };
