/** Demo data: a made-up account beside one's own, made and removed with a click. */
import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { isAdmin, type Tenant, tenantsOptions, useSession, workspaceOf } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toast";

type State = { present: boolean; tenant: string | null };

/** Making some hundred records takes longer than a request usually may. */
const TIME_LIMIT = 120_000;

export type Demo = {
  /** Whether it may be made or is there; null while that is not known or not for this person. */
  state: State | null;
  /** The account stood in is itself the demo. */
  inside: boolean;
  mayRemove: boolean;
  making: boolean;
  removing: boolean;
  make: () => void;
  remove: () => Promise<void>;
};

/** An account can have none below it: there one looks to the agency above. */
function holderOf(tenant: Tenant, tenants: readonly Tenant[]): Tenant | undefined {
  return tenant.kind === "account" ? tenants.find((each) => each.id === tenant.parent) : tenant;
}

export function useDemo(): Demo {
  const { tenant, tenants, role } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  // Asked of the account itself, and, in a demo account, of the one that holds it.
  const holder = holderOf(tenant, tenants);
  const address = `/api/tenants/${holder?.id ?? ""}/demo`;
  const key = ["demo", holder?.id];
  const state = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<State>("GET", address, { signal, tenant: holder?.id ?? null }),
    enabled: holder !== undefined && isAdmin(role),
    staleTime: 60_000,
    retry: false,
  });
  const reload = async () => {
    await client.invalidateQueries({ queryKey: tenantsOptions.queryKey });
    return client.fetchQuery({ ...tenantsOptions, staleTime: 0 });
  };
  const make = useMutation({
    mutationFn: () =>
      request<State>("POST", address, {
        body: {},
        tenant: holder?.id ?? null,
        timeout: TIME_LIMIT,
      }),
    onSuccess: async (made) => {
      client.setQueryData<State>(key, { present: true, tenant: made.tenant });
      const all = await reload();
      const demo = all.find((each) => each.id === made.tenant);
      if (demo) await navigate(`/w/${workspaceOf(demo, all)}`);
      toast({
        title: t`Demo data is ready`,
        body: t`Look around, change things: your own account is not touched.`,
      });
    },
    onError: (error) => toast.error(t`Demo data was not made`, asProblem(error)),
  });
  const remove = useMutation({
    mutationFn: () =>
      request("DELETE", address, { tenant: holder?.id ?? null, timeout: TIME_LIMIT }),
    onSuccess: async () => {
      client.setQueryData<State>(key, { present: false, tenant: null });
      if (inside && holder) await navigate(`/w/${workspaceOf(holder, tenants)}`);
      await reload();
      await client.invalidateQueries({ queryKey: ["docs"] });
      toast({ title: t`Demo data is gone` });
    },
    onError: (error) => toast.error(t`Demo data was not removed`, asProblem(error)),
  });
  const demo = tenants.find((each) => each.id === state.data?.tenant);
  const inside = demo !== undefined && (demo.id === tenant.id || demo.id === tenant.parent);
  const canHold = tenant.kind !== "account" || inside;
  return {
    state: canHold ? (state.data ?? null) : null,
    inside,
    mayRemove: role === "owner",
    making: make.isPending,
    removing: remove.isPending,
    make: () => make.mutate(),
    remove: async () => {
      const sure = await confirm({
        title: t`Remove the demo data?`,
        body: t`The demo account goes with everything in it, also what you changed there. Your own records stay.`,
        action: t`Remove demo data`,
        danger: true,
      });
      if (sure) remove.mutate();
    },
  };
}
