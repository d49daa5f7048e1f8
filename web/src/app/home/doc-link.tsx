/** A record of this account or of one below it. */
import type { ReactNode } from "react";
import { Link } from "react-router";
import { RecordLink } from "@/engine/record-link";
import { useSession, workspaceOf } from "@/engine/session";

export function DocLink({
  slug,
  id,
  tenant,
  className,
  children,
}: {
  slug: string;
  id: string;
  tenant: string | null;
  className: string;
  children: ReactNode;
}) {
  const session = useSession();
  const other =
    tenant && tenant !== session.tenant.id
      ? session.tenants.find((each) => each.id === tenant)
      : undefined;
  if (!other) {
    return (
      <RecordLink slug={slug} id={id} className={className}>
        {children}
      </RecordLink>
    );
  }
  // The panel stands in the selected account; a record of another opens in its own.
  return (
    <Link to={`/w/${workspaceOf(other, session.tenants)}/${slug}/${id}`} className={className}>
      {children}
    </Link>
  );
}

/** The account a record belongs to, where several are shown together. */
export function useAccountName(): (tenant: string | null) => string | null {
  const { tenant: current, tenants } = useSession();
  return (id) =>
    id && id !== current.id ? (tenants.find((each) => each.id === id)?.name ?? null) : null;
}
