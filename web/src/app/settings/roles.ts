/** Roles, weakest first, with the words for them. */
import { t } from "@lingui/core/macro";
import type { Role } from "@/engine/definitions";

export const ROLES: readonly Role[] = ["viewer", "member", "admin", "owner"];

export function roleName(role: Role): string {
  return { viewer: t`Viewer`, member: t`Member`, admin: t`Admin`, owner: t`Owner` }[role];
}

export function roleMeans(role: Role): string {
  return {
    viewer: t`Sees everything, changes nothing.`,
    member: t`Works with contacts, deals and tasks.`,
    admin: t`Also members, settings, deleting and the audit log.`,
    owner: t`Everything, in this account and all below it.`,
  }[role];
}

/** Nobody gives more than they have. */
export function rolesUpTo(own: Role): readonly Role[] {
  return ROLES.slice(0, ROLES.indexOf(own) + 1);
}

export function isStronger(one: Role, other: Role): boolean {
  return ROLES.indexOf(one) > ROLES.indexOf(other);
}
