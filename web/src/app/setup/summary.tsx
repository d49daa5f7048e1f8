/** What the answers made, and where to go from here. */
import { Plural, useLingui } from "@lingui/react/macro";
import { CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Created } from "@/app/setup/data";
import { useSession } from "@/engine/session";
import { Button, LinkButton } from "@/ui/button";

export function Summary({
  created,
  demoMade,
  onLeave,
}: {
  created: Created | null;
  demoMade: boolean;
  onLeave: () => void;
}) {
  const { t } = useLingui();
  const { tenant, path } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { pipelines = 0, stages = 0, services = 0, tags = 0 } = created ?? {};
  const nothing = pipelines + stages + services + tags === 0;
  const lines = [
    pipelines > 0 && <Plural key="p" value={pipelines} one="# pipeline" other="# pipelines" />,
    stages > 0 && <Plural key="s" value={stages} one="# stage in it" other="# stages in it" />,
    services > 0 && <Plural key="v" value={services} one="# service" other="# services" />,
    tags > 0 && <Plural key="t" value={tags} one="# tag" other="# tags" />,
    demoMade && <span key="d">{t`A demo account to look around in`}</span>,
  ].filter(Boolean);
  return (
    <div className="flex min-h-0 grow items-center justify-center overflow-y-auto p-6 phone:items-start phone:pt-14">
      <div className="grid w-full max-w-[420px] gap-6">
        <div>
          <CircleCheck size={32} aria-hidden className="mb-4 text-good" />
          <h1
            ref={heading}
            tabIndex={-1}
            className="text-24 font-semibold tracking-[-0.025em] outline-none"
          >
            {t`${tenant.name} is ready`}
          </h1>
          <p className="mt-1 text-14 text-muted">
            {nothing
              ? t`Everything was there already; nothing was added.`
              : t`This was made for you:`}
          </p>
        </div>
        {lines.length > 0 && (
          <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
            {lines.map((line, at) => (
              <li key={at} className="px-4 py-2.5 font-medium">
                {line}
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" size="lg" onClick={onLeave}>
            {t`Go to home`}
          </Button>
          <LinkButton size="lg" to={path("settings/pipelines")}>
            {t`Change the pipeline`}
          </LinkButton>
        </div>
      </div>
    </div>
  );
}
