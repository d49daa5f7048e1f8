/** `/`: to the workspace one was in last, to sign-in, or to the very first account. */
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "react-router";
import { lastWorkspace } from "@/app/shell/last-workspace";
import { meOptions, tenantAt, tenantsOptions, workspaceOf } from "@/engine/session";
import { request } from "@/lib/request";
import { ErrorState } from "@/ui/empty";

export function Entrance() {
  const me = useQuery(meOptions);
  const signedIn = Boolean(me.data);
  const tenants = useQuery({ ...tenantsOptions, enabled: signedIn });
  const init = useQuery({
    queryKey: ["init"],
    queryFn: () => request<{ initialized: boolean }>("GET", "/api/users/init", { tenant: null }),
    enabled: me.data === null,
  });
  const failed = me.error ?? tenants.error ?? init.error;
  if (failed) return <ErrorState error={failed} onRetry={() => window.location.reload()} />;
  if (me.data === null && init.data) {
    return <Navigate replace to={init.data.initialized ? "/login" : "/welcome"} />;
  }
  if (!me.data || !tenants.data) return null;
  const home = me.data.tenants[0]?.tenant;
  const last = lastWorkspace();
  const tenant =
    (last && tenantAt(last, tenants.data)) ||
    tenants.data.find((each) => each.id === home) ||
    tenants.data[0];
  if (!tenant) return <Navigate replace to="/login" />;
  return <Navigate replace to={`/w/${workspaceOf(tenant, tenants.data)}`} />;
}
