/** What the data admin looks at: one tenant or everything within reach, kept in the address. */
import { useOutletContext, useSearchParams } from "react-router";
import type { Definition, Schema } from "@/engine/definitions";

export type Scope = {
  /** Null: every tenant within reach. */
  tenant: string | null;
  schema: Schema;
};

export function useScope(): Scope {
  return useOutletContext<Scope>();
}

export function useAdminDefinition(slug: string | undefined): Definition | undefined {
  return useScope().schema.collections.find((each) => each.slug === slug);
}

/** An address within the admin that keeps the tenant chosen. */
export function useAdminPath(): (to: string) => string {
  const [params] = useSearchParams();
  const tenant = params.get("tenant");
  return (to) => `/admin/${to}${tenant ? `?tenant=${encodeURIComponent(tenant)}` : ""}`;
}
