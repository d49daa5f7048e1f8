/** The way to a record: beside the list on a plain click, its own page on a modified one. */
import type { MouseEvent, ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import { useSession } from "@/engine/session";

/** `/w/harbor/contacts/ID` */
export function useRecordPath(): (slug: string, id: string) => string {
  const { path } = useSession();
  return (slug, id) => path(`${slug}/${id}`);
}

/** Opens the side panel over the present page, as the address tells. */
export function useOpenRecord(): (slug: string, id: string) => void {
  const [, setParams] = useSearchParams();
  return (slug, id) =>
    setParams(
      (params) => {
        params.set("open", `${slug}:${id}`);
        return params;
      },
      { preventScrollReset: true },
    );
}

/** Pages that show a side panel; elsewhere a link leads to the record's page. */
const PAGES_ALONE = /\/(settings|setup)(\/|$)/;

export function RecordLink({
  slug,
  id,
  className,
  children,
  tabIndex,
  page = false,
}: {
  slug: string;
  id: string;
  className?: string;
  children: ReactNode;
  tabIndex?: number;
  /** Straight to the page, without the panel. */
  page?: boolean;
}) {
  const to = useRecordPath()(slug, id);
  const open = useOpenRecord();
  const { pathname } = useLocation();
  const beside = !page && !PAGES_ALONE.test(pathname);
  const onClick = (event: MouseEvent) => {
    if (!beside || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(slug, id);
  };
  return (
    <Link
      to={to}
      className={className}
      onClick={onClick}
      {...(tabIndex === undefined ? {} : { tabIndex })}
    >
      {children}
    </Link>
  );
}
