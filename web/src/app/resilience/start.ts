/** Keeps the app usable when the network, the server, the session or the build is not what it was. */
import { t } from "@lingui/core/macro";
import type { QueryClient } from "@tanstack/react-query";
import { client as api } from "@/api/client.gen";
import { onRecovered, watched, watchNetwork } from "@/app/resilience/health";
import { watchBuild } from "@/app/resilience/stale";
import type { Router } from "@/app/router";
import { meOptions } from "@/engine/session";
import { flushDrafts } from "@/lib/draft";
import { onSignedOut } from "@/lib/request";
import { toast } from "@/ui/toast";

export function startResilience(client: QueryClient, router: Router): void {
  api.setConfig({ fetch: watched });
  // A query without network fails and says so, rather than wait in silence.
  client.setDefaultOptions({
    ...client.getDefaultOptions(),
    queries: { ...client.getDefaultOptions().queries, networkMode: "always" },
    mutations: { ...client.getDefaultOptions().mutations, networkMode: "always" },
  });
  watchNetwork();
  watchBuild();
  onRecovered(() => void client.invalidateQueries());
  onSignedOut(() => endSession(client, router));
  if (import.meta.env.PROD) registerWorker();
}

/** Signed out elsewhere, or expired: to the sign-in and back, with what was being written kept. */
function endSession(client: QueryClient, router: Router): void {
  const { pathname, search } = router.state.location;
  if (!/^\/(w|admin)(\/|$)/.test(pathname)) return;
  flushDrafts();
  client.setQueryData(meOptions.queryKey, null);
  const next = encodeURIComponent(`${pathname}${search}`);
  void router.navigate(`/login?next=${next}`, { replace: true }).then(() => {
    // What the former session could read is not left lying around for the next.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== meOptions.queryKey[0] });
  });
  toast({ title: t`Your session has ended`, body: t`Sign in to go on where you were.` });
}

/** Lets the app be installed and open without a network. */
function registerWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {
      // Private windows refuse it; the app works without.
    });
  });
}
