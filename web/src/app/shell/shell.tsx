/** The frame around every page: sidebar (or the phone's bar at the bottom), the page, what opens over it. */
import { useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useEffect, useState } from "react";
import { Outlet, useLocation, useSearchParams } from "react-router";
import { onOpenPalette } from "@/app/palette/open";
import { ConnectionBanner } from "@/app/resilience/connection-banner";
import { ErrorBoundary } from "@/app/resilience/error-boundary";
import { useShellCommands } from "@/app/shell/commands";
import { PhoneNav } from "@/app/shell/phone-nav";
import { PageSkeleton } from "@/app/shell/shell-skeleton";
import { Sidebar } from "@/app/shell/sidebar";

const Palette = lazy(async () => ({ default: (await import("@/app/palette/palette")).Palette }));
const ShortcutSheet = lazy(async () => ({
  default: (await import("@/app/shortcuts/sheet")).ShortcutSheet,
}));
const RecordPanel = lazy(async () => ({
  default: (await import("@/engine/record/record-panel")).RecordPanel,
}));
const CreateHost = lazy(async () => ({
  default: (await import("@/engine/record/create-dialog")).CreateHost,
}));

export function Shell() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const [sheet, setSheet] = useState(false);
  const { pathname } = useLocation();
  useShellCommands({ openSheet: () => setSheet(true) });
  useFocusOnArrival(pathname);
  return (
    <div className="flex h-full phone:flex-col">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-control focus:bg-accent focus:px-3 focus:py-1 focus:text-accent-fg"
      >
        {t`Skip to the page`}
      </a>
      <Sidebar />
      <main
        id="page"
        tabIndex={-1}
        className="relative flex min-h-0 min-w-0 grow flex-col bg-bg outline-none"
      >
        <ConnectionBanner />
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <PhoneNav />
      <PaletteHost />
      <ErrorBoundary quiet resetKey={params.get("open") ?? ""}>
        <Suspense>{params.has("open") && <RecordPanel />}</Suspense>
      </ErrorBoundary>
      <ErrorBoundary quiet>
        <Suspense>
          {sheet && <ShortcutSheet open={sheet} onOpenChange={setSheet} />}
          <CreateHost />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

/** Loaded when it is first asked for, then kept, so that it opens within a frame. */
function PaletteHost() {
  const [wanted, setWanted] = useState(0);
  useEffect(() => onOpenPalette(() => setWanted((count) => count + 1)), []);
  return (
    <ErrorBoundary quiet resetKey={String(wanted)}>
      <Suspense>{wanted > 0 && <Palette key="palette" asked={wanted} />}</Suspense>
    </ErrorBoundary>
  );
}

/** A new page is announced: screen readers and the keyboard start at it. */
function useFocusOnArrival(pathname: string): void {
  const [first, setFirst] = useState(pathname);
  useEffect(() => {
    if (first === pathname) return;
    setFirst(pathname);
    const active = document.activeElement;
    if (active && active !== document.body && active.isConnected && active.closest("main")) return;
    document.getElementById("page")?.focus({ preventScroll: true });
  }, [pathname, first]);
}
