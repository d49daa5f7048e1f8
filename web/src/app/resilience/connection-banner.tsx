/** Says that the network or the server is away, and goes by itself when it is back. */
import { useLingui } from "@lingui/react/macro";
import { CloudOff, Hourglass, WifiOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type Health, probe, useHealth } from "@/app/resilience/health";
import { useSecondsUntil } from "@/lib/countdown";
import { cx } from "@/lib/cx";

export function ConnectionBanner() {
  const { t } = useLingui();
  const health = useHealth();
  const back = useJustBack(health.state);
  return (
    <div role="status" aria-live="polite" className="shrink-0">
      {health.state !== "well" && <Notice health={health} />}
      {back && (
        <p className="bg-good-tint px-4 py-1.5 text-12 font-medium text-good">{t`You are back online.`}</p>
      )}
    </div>
  );
}

function Notice({ health }: { health: Exclude<Health, { state: "well" }> }) {
  const { t } = useLingui();
  const faces = {
    offline: {
      icon: WifiOff,
      text: t`You are offline. What you see may be old, and changes cannot be saved.`,
    },
    away: { icon: CloudOff, text: t`The server cannot be reached. Trying again by itself.` },
    slow: { icon: Hourglass, text: t`The server is taking longer than usual.` },
    limited: {
      icon: Hourglass,
      text: t`Too many requests in a short time. Going on by itself.`,
    },
  };
  const { icon: Icon, text } = faces[health.state];
  return (
    <div
      className={cx(
        "flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-12 font-medium",
        health.state === "slow" ? "bg-hover text-muted" : "bg-warn-tint text-warn",
      )}
    >
      <Icon size={15} aria-hidden className="shrink-0" />
      <span className="grow">{text}</span>
      {"retryAt" in health && <Countdown until={health.retryAt} />}
      {health.state === "away" && (
        <button
          type="button"
          onClick={() => void probe()}
          className="h-6 shrink-0 rounded-control px-2 underline underline-offset-2 hover:bg-active phone:h-11"
        >
          {t`Try now`}
        </button>
      )}
    </div>
  );
}

/** Not read aloud at each second. */
function Countdown({ until }: { until: number }) {
  const { t } = useLingui();
  const seconds = useSecondsUntil(until);
  return (
    <span aria-hidden className="shrink-0 whitespace-nowrap tabular-nums">
      {seconds > 1 && t`in ${seconds} s`}
    </span>
  );
}

/** Shortly after a return, so that the notice does not just vanish. */
function useJustBack(state: Health["state"]): boolean {
  const former = useRef(state);
  const [back, setBack] = useState(false);
  useEffect(() => {
    const was = former.current;
    former.current = state;
    if (state !== "well") {
      setBack(false);
      return;
    }
    if (was !== "away" && was !== "offline") return;
    setBack(true);
    const timer = setTimeout(() => setBack(false), 3_000);
    return () => clearTimeout(timer);
  }, [state]);
  return back;
}
