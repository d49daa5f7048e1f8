/** A sentence set apart: what went wrong, what to know before going on. */
import { useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { useSecondsUntil } from "@/lib/countdown";
import { cx } from "@/lib/cx";
import { formatWait } from "@/lib/format";
import type { Problem } from "@/lib/problem";
import { WaitText } from "@/ui/wait-text";

const TONES = {
  danger: { box: "bg-danger-tint text-danger", Icon: CircleAlert },
  good: { box: "bg-good-tint text-good", Icon: CircleCheck },
  warn: { box: "bg-warn-tint text-warn", Icon: CircleAlert },
  plain: { box: "bg-hover text-muted", Icon: Info },
} as const;

export function Note({
  tone = "plain",
  children,
  live = false,
}: {
  tone?: keyof typeof TONES;
  children: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}) {
  const { box, Icon } = TONES[tone];
  return (
    <div
      {...(live ? { role: tone === "danger" ? "alert" : "status" } : {})}
      className={cx("flex gap-2.5 rounded-card px-3 py-2.5", box)}
    >
      <Icon size={15} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 grow [overflow-wrap:anywhere]">{children}</div>
    </div>
  );
}

export function ErrorNote({ problem }: { problem: Problem }) {
  const say = useProblemText();
  if (problem.wait !== null) return <WaitNote problem={problem} />;
  return (
    <Note tone="danger" live>
      {say(problem)}
    </Note>
  );
}

/** Turned away for a while: nothing is wrong any more when it is over. */
function WaitNote({ problem }: { problem: Problem }) {
  const { t } = useLingui();
  const waits = useSecondsUntil(problem.retryAt) > 0;
  const tries = (seconds: number) => {
    const wait = formatWait(seconds);
    return t`Too many tries in a short time. Try again in ${wait}.`;
  };
  return (
    <Note tone={waits ? "warn" : "plain"}>
      <WaitText problem={problem} {...(problem.kind === "limited" ? { say: tries } : {})} />
    </Note>
  );
}

/** What to tell a person of a refused save, in their language where we know the case. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useLingui();
  return (problem) => {
    switch (problem.kind) {
      case "server":
        return problem.requestId
          ? t`Something went wrong on the server. Reference: ${problem.requestId}`
          : t`Something went wrong on the server. Try again in a moment.`;
      case "forbidden":
        return problem.message || t`Your role does not allow this.`;
      default:
        return problem.fields[0]?.message ?? problem.message;
    }
  };
}
