/** Asks before unsaved changes are left behind, by a link or by closing the tab. */
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { confirm } from "@/ui/confirm";

export function useLeaveGuard(dirty: boolean): void {
  const { t } = useLingui();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const ask = async () => {
      const leave = await confirm({
        title: t`Leave without saving?`,
        body: t`What you changed on this page is not saved yet.`,
        action: t`Leave`,
        danger: true,
      });
      if (leave) blocker.proceed();
      else blocker.reset();
    };
    void ask();
  }, [blocker, t]);
  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [dirty]);
}
