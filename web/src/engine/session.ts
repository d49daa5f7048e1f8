/** Who is signed in, the tenants they reach, and the one they stand in. */
import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Tenant as ApiTenant } from "@/api/types.gen";
import type { Definition, Role, Schema } from "@/engine/definitions";
import { request } from "@/lib/request";

/** A tenant as lists bring it: its required fields are there, its parent is an id, its logo stays behind. */
export type Tenant = Omit<ApiTenant, "name" | "slug" | "kind" | "parent" | "status" | "logo"> & {
  [Key in "name" | "slug" | "kind" | "status"]: NonNullable<ApiTenant[Key]>;
} & { parent: string | null };

export type Preferences = {
  theme?: "system" | "light" | "dark";
  density?: "compact" | "default" | "roomy";
  /** Command id → keys. */
  shortcuts?: Record<string, string>;
  /** Collections in the sidebar's order. */
  pinned?: string[];
  [key: string]: unknown;
};

export type User = {
  id: string;
  name: string;
  email: string;
  locale: string | null;
  timezone: string | null;
  preferences?: Preferences | null;
  tenants: { id: string; tenant: string; role: Role }[];
};

/** `null` when nobody is signed in. */
export const meOptions = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) =>
    (
      await request<{ user: User | null }>("GET", "/api/users/me", {
        query: { depth: 0 },
        signal,
        tenant: null,
      })
    ).user,
  staleTime: 60_000,
});

/** Every tenant within reach, by name. */
export const tenantsOptions = queryOptions({
  queryKey: ["tenants"],
  queryFn: async ({ signal }) =>
    (
      await request<{ docs: Tenant[] }>("GET", "/api/tenants", {
        // Without their logos: those weigh, and `Settings` has the one that is shown.
        query: { depth: 0, limit: 2000, sort: "name", pagination: false, select: { logo: false } },
        signal,
        tenant: null,
      })
    ).docs,
  staleTime: 5 * 60_000,
});

export type Inherited<T> = { value: T; from: { id: string | null; name: string | null } | null };

/** What holds in a tenant, its own or handed down. */
export type Settings = {
  id: string;
  name: string;
  kind: Tenant["kind"];
  currency: Inherited<string>;
  timezone: Inherited<string | null>;
  locale: Inherited<string | null>;
  brandColor: Inherited<string | null>;
  logo: Inherited<string | null>;
};

export function settingsOptions(tenant: string) {
  return queryOptions({
    queryKey: ["settings", tenant],
    queryFn: ({ signal }) =>
      request<Settings>("GET", `/api/tenants/${tenant}/settings`, { signal, tenant }),
    staleTime: 5 * 60_000,
  });
}

export type Session = {
  user: User;
  tenants: Tenant[];
  tenant: Tenant;
  schema: Schema;
  role: Role;
  settings: Settings;
  /** `/w/SLUG` plus the path. */
  path: (to?: string) => string;
};

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("outside of a session");
  return session;
}

export function useDefinition(slug: string): Definition | undefined {
  return useSession().schema.collections.find((definition) => definition.slug === slug);
}

/** The address part of a tenant: its slug, and a piece of its id where another within reach has the same. */
export function workspaceOf(tenant: Tenant, all: readonly Tenant[]): string {
  const twin = all.some((other) => other.id !== tenant.id && other.slug === tenant.slug);
  return twin ? `${tenant.slug}~${tenant.id.slice(-6)}` : tenant.slug;
}

export function tenantAt(workspace: string, all: readonly Tenant[]): Tenant | undefined {
  const [slug, tail] = workspace.split("~");
  return all.find((tenant) => tenant.slug === slug && (!tail || tenant.id.endsWith(tail)));
}

const ADMIN: readonly Role[] = ["admin", "owner"];

export function isAdmin(role: Role): boolean {
  return ADMIN.includes(role);
}
