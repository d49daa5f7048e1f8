/** A sentence set apart: what went wrong, what to know before going on. */
import { useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import type { Problem } from "@/lib/problem";

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
  return (
    <Note tone="danger" live>
      {say(problem)}
    </Note>
  );
}

/** What to tell a person of a refused save, in their language where we know the case. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useLingui();
  return (problem) => {
    switch (problem.kind) {
      case "offline":
        return t`The server cannot be reached. Check your connection and try again.`;
      case "slow":
        return t`The server took too long to answer. Try again in a moment.`;
      case "limited":
        return t`Too many tries in a short time. Wait a minute and try again.`;
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
