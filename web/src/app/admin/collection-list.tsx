/** The collections with how many documents each has. */
import { useLingui } from "@lingui/react/macro";
import { useQueries } from "@tanstack/react-query";
import { NavLink } from "react-router";
import { rawCountOptions } from "@/app/admin/queries";
import { useAdminPath } from "@/app/admin/scope";
import type { Definition } from "@/engine/definitions";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";

export function CollectionList({
  collections,
  tenant,
}: {
  collections: readonly Definition[];
  tenant: string | null;
}) {
  const { t } = useLingui();
  const path = useAdminPath();
  // The API counts one collection at a time; they are asked together and kept for a minute.
  const counts = useQueries({
    queries: collections.map(({ slug }) => rawCountOptions(tenant, slug)),
  });
  return (
    <nav
      aria-label={t`Collections`}
      className="w-[200px] shrink-0 overflow-y-auto border-r border-line p-2 phone:hidden"
    >
      <ul className="grid gap-px">
        {collections.map(({ slug }, at) => {
          const count = counts[at]?.data;
          return (
            <li key={slug}>
              <NavLink
                to={path(slug)}
                className={({ isActive }) =>
                  cx(
                    "flex h-7 items-center gap-2 rounded-control px-2",
                    isActive ? "bg-active text-fg" : "text-muted hover:bg-hover hover:text-fg",
                  )
                }
              >
                <span className="min-w-0 grow truncate font-mono text-12">{slug}</span>
                {count !== undefined && (
                  <span className="text-12 tabular-nums text-faint">{formatNumber(count)}</span>
                )}
              </NavLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
