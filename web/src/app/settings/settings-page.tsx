/** Settings: a list of pages at the side (on the phone a page of its own) and the one that is open. */
import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Suspense } from "react";
import { Link, Navigate, NavLink, useNavigate, useParams } from "react-router";
import { ErrorBoundary } from "@/app/resilience/error-boundary";
import { RowsSkeleton } from "@/app/settings/parts";
import { type SettingsPage, settingsPages } from "@/app/settings/sections";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { useCommands } from "@/lib/keyboard";
import { Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";
import { PageHeader } from "@/ui/page-header";

export function Component() {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const id = useParams()["*"]?.split("/")[0] ?? "";
  const pages = settingsPages(session);
  const { path } = session;
  useCommands(
    pages.map((page) => ({
      id: `settings.${page.id}`,
      title: page.title,
      group: t`Settings`,
      keywords: page.keywords,
      icon: page.icon,
      run: () => void navigate(path(`settings/${page.id}`)),
    })),
  );
  const open = pages.find((page) => page.id === (id || "profile"));
  return (
    <>
      <PageHeader
        title={id && open ? <PhoneTitle title={open.title} /> : t`Settings`}
        leading={
          id ? (
            <Link
              to={path("settings")}
              aria-label={t`All settings`}
              className="-ml-2 inline-flex size-11 items-center justify-center rounded-control text-muted desk:hidden"
            >
              <ChevronLeft size={19} aria-hidden />
            </Link>
          ) : undefined
        }
      />
      <div className="flex min-h-0 grow">
        <SettingsNav pages={pages} chosen={open?.id} index={id === ""} />
        <div
          className={cx(
            "min-w-0 grow overflow-y-auto px-8 py-7 phone:px-4 phone:py-4",
            id === "" && "phone:hidden",
          )}
        >
          {open ? <Shown page={open} /> : <Unknown id={id} />}
        </div>
      </div>
    </>
  );
}

function PhoneTitle({ title }: { title: string }) {
  const { t } = useLingui();
  return (
    <>
      <span className="phone:hidden">{t`Settings`}</span>
      <span className="desk:hidden">{title}</span>
    </>
  );
}

function Shown({ page: { id, Page } }: { page: SettingsPage }) {
  return (
    <ErrorBoundary resetKey={id}>
      <Suspense
        fallback={
          <div className="mx-auto max-w-[760px]">
            <RowsSkeleton />
          </div>
        }
      >
        <Page />
      </Suspense>
    </ErrorBoundary>
  );
}

/** A page that is not offered, or that is no page at all. */
function Unknown({ id }: { id: string }) {
  const { path } = useSession();
  const known = ["accounts", "audit", "demo", "members", "pipelines", "tags", "services"];
  if (id === "") return <Navigate replace to={path("settings/profile")} />;
  const kind = known.includes(id) ? "forbidden" : "missing";
  return <ErrorState error={new Problem(kind, "There is no such page of settings.")} />;
}

function SettingsNav({
  pages,
  chosen,
  index,
}: {
  pages: readonly SettingsPage[];
  chosen: string | undefined;
  index: boolean;
}) {
  const { t } = useLingui();
  const { tenant, user } = useSession();
  const groups = [
    { id: "you", title: user.name },
    { id: "account", title: tenant.name },
    { id: "data", title: t`Data` },
  ] as const;
  return (
    <nav
      aria-label={t`Settings`}
      className={cx(
        "shrink-0 overflow-y-auto desk:w-[220px] desk:border-r desk:border-line desk:px-3 desk:py-4",
        index ? "phone:w-full phone:px-3 phone:py-2" : "phone:hidden",
      )}
    >
      {groups.map((group) => (
        <div key={group.id} className="mb-4">
          <h2 className="truncate px-2.5 pb-1 text-12 font-medium text-faint">{group.title}</h2>
          <ul className="grid gap-0.5">
            {pages
              .filter((page) => page.group === group.id)
              .map((page) => (
                <li key={page.id}>
                  <SettingsLink page={page} active={page.id === chosen} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function SettingsLink({ page, active }: { page: SettingsPage; active: boolean }) {
  const { path } = useSession();
  return (
    <NavLink
      to={path(`settings/${page.id}`)}
      aria-current={active ? "page" : undefined}
      className={cx(
        "flex h-[30px] items-center gap-2.5 rounded-control px-2.5 font-medium phone:h-12 phone:text-14 phone:font-normal",
        active ? "text-fg desk:bg-active" : "text-muted hover:bg-hover hover:text-fg phone:text-fg",
      )}
    >
      <page.icon size={16} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 grow truncate">{page.title}</span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-faint desk:hidden" />
    </NavLink>
  );
}
