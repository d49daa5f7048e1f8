/** Why one was turned away and when to try again: it counts down in sight, and is read out at either end only. */
import { useLingui } from "@lingui/react/macro";
import { useSecondsUntil } from "@/lib/countdown";
import { type Problem, waitText } from "@/lib/problem";

export function WaitText({
  problem,
  say = (seconds) => waitText(problem.kind, seconds),
}: {
  problem: Problem;
  say?: (seconds: number) => string;
}) {
  const { t } = useLingui();
  const left = useSecondsUntil(problem.retryAt);
  const over = t`You can try again now.`;
  return (
    <>
      <span role="alert" className="sr-only">
        {left > 0 ? say(problem.wait ?? left) : over}
      </span>
      <span aria-hidden className="tabular-nums">
        {left > 0 ? say(left) : over}
      </span>
    </>
  );
}
