/** Who belongs to an account: its own members, those from above, and those who were asked. */
import { queryOptions } from "@tanstack/react-query";
import type { Doc, Role } from "@/engine/definitions";
import { fetchList, keys, listOptions } from "@/engine/documents";
import type { Tenant } from "@/engine/session";

export type Person = { id: string; name: string; email: string; status?: string };
export type Membership = Doc & { user: Person | string; role: Role; team: string | null };
export type Invitation = Doc & {
  email: string;
  name: string | null;
  role: Role;
  expiresAt: string;
  acceptedAt: string | null;
};

const PEOPLE = { users: { name: true, email: true, status: true } };
const MOST = 500;

/** The tenants above one, nearest first, as far as they are within reach. */
export function ancestorsOf(tenant: Tenant, all: readonly Tenant[]): Tenant[] {
  const parent = all.find((each) => each.id === tenant.parent);
  return parent ? [parent, ...ancestorsOf(parent, all)] : [];
}

export function membershipsOptions(tenant: string) {
  return listOptions("memberships", {
    where: { tenant: { equals: tenant } },
    limit: MOST,
    pagination: false,
    sort: "createdAt",
    populate: PEOPLE,
  });
}

/** Those whose role comes from an account above. A filter on `tenant` reaches past the selected one. */
export function inheritedOptions(tenants: readonly string[]) {
  const query = {
    where: { tenant: { in: [...tenants] } },
    limit: MOST,
    pagination: false,
    sort: "createdAt",
    populate: { ...PEOPLE, tenants: { name: true } },
  };
  return queryOptions({
    queryKey: keys.list("memberships", query),
    queryFn: ({ signal }) => fetchList("memberships", query, signal),
    enabled: tenants.length > 0,
  });
}

export function invitationsOptions(tenant: string) {
  return listOptions("invitations", {
    where: { and: [{ tenant: { equals: tenant } }, { acceptedAt: { exists: false } }] },
    limit: MOST,
    pagination: false,
    sort: "-createdAt",
    depth: 0,
  });
}

export function personOf(membership: Membership): Person {
  const { user } = membership;
  return typeof user === "string" ? { id: user, name: "…", email: "" } : user;
}
