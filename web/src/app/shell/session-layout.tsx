/** The guard before every page: who is signed in, where they stand, what they may do there. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Navigate, useLocation, useParams } from "react-router";
import { applyBrand } from "@/app/shell/brand";
import { lastWorkspace, rememberWorkspace } from "@/app/shell/last-workspace";
import { Shell } from "@/app/shell/shell";
import { ShellSkeleton } from "@/app/shell/shell-skeleton";
import { schemaOptions } from "@/engine/definitions";
import {
  meOptions,
  type Session,
  SessionContext,
  settingsOptions,
  type Tenant,
  tenantAt,
  tenantsOptions,
  type User,
  workspaceOf,
} from "@/engine/session";
import { claimDrafts } from "@/lib/draft";
import { setViewerZone } from "@/lib/format";
import { languageOf, speak } from "@/lib/i18n";
import { setBindings } from "@/lib/keyboard";
import { currentLook, setLook } from "@/lib/look";
import { Problem } from "@/lib/problem";
import { standIn } from "@/lib/request";
import { ErrorState } from "@/ui/empty";

export function SessionLayout() {
  const me = useQuery(meOptions);
  const signedIn = Boolean(me.data);
  const tenants = useQuery({ ...tenantsOptions, enabled: signedIn });
  const { pathname, search } = useLocation();
  const { workspace } = useParams();
  if (me.data === null) {
    const next = encodeURIComponent(`${pathname}${search}`);
    return <Navigate replace to={`/login?next=${next}`} />;
  }
  // What is known stays on screen: a failed refresh is the banner's business.
  const failed = (me.data ? null : me.error) ?? (tenants.data ? null : tenants.error);
  if (failed) return <ErrorState page error={failed} onRetry={() => void me.refetch()} />;
  if (!me.data || !tenants.data) return <ShellSkeleton />;
  const tenant = standing(workspace, tenants.data, me.data);
  if (!tenant) {
    const problem = new Problem("missing", "There is no such account, or it is not yours to see.");
    return <ErrorState page error={problem} />;
  }
  return <Standing key={tenant.id} user={me.data} tenants={tenants.data} tenant={tenant} />;
}

function standing(
  workspace: string | undefined,
  tenants: Tenant[],
  user: User,
): Tenant | undefined {
  if (workspace) return tenantAt(workspace, tenants);
  const last = lastWorkspace();
  const home = user.tenants[0]?.tenant;
  return (
    (last && tenantAt(last, tenants)) || tenants.find((each) => each.id === home) || tenants[0]
  );
}

function Standing({ user, tenants, tenant }: Pick<Session, "user" | "tenants" | "tenant">) {
  // Before any child asks for anything.
  standIn(tenant.id);
  const schema = useQuery(schemaOptions(tenant.id));
  const settings = useQuery(settingsOptions(tenant.id));
  const workspace = workspaceOf(tenant, tenants);
  useEffect(() => rememberWorkspace(workspace), [workspace]);
  usePersonal(user, settings.data?.locale.value ?? null);
  const brand = settings.data?.brandColor.value ?? null;
  useEffect(() => applyBrand(brand), [brand]);
  const session = useMemo<Session | null>(() => {
    if (!schema.data?.role || !settings.data) return null;
    const path = (to = "") => `/w/${workspace}${to && !to.startsWith("/") ? "/" : ""}${to}`;
    const { data } = schema;
    return {
      user,
      tenants,
      tenant,
      schema: data,
      role: data.role ?? "viewer",
      settings: settings.data,
      path,
    };
  }, [user, tenants, tenant, schema.data, settings.data, workspace]);
  const failed = (schema.data ? null : schema.error) ?? (settings.data ? null : settings.error);
  if (failed) {
    const retry = () => void Promise.all([schema.refetch(), settings.refetch()]);
    return <ErrorState page error={failed} onRetry={retry} />;
  }
  if (!session) return <ShellSkeleton />;
  return (
    <SessionContext value={session}>
      <Shell />
    </SessionContext>
  );
}

/** Zone, language, look and keys that the person chose. */
function usePersonal(user: User, tenantLocale: string | null): void {
  setViewerZone(user.timezone);
  // What another person left half-written in this tab is not for this one.
  useEffect(() => claimDrafts(user.id), [user.id]);
  const { preferences } = user;
  const language = languageOf(user.locale, currentLook().locale, tenantLocale, navigator.language);
  useEffect(() => {
    void speak(language);
    setLook({ locale: language });
  }, [language]);
  useEffect(() => {
    const look = currentLook();
    setLook({
      theme: preferences?.theme ?? look.theme,
      density: preferences?.density ?? look.density,
    });
    setBindings(preferences?.shortcuts ?? {});
  }, [preferences]);
}
