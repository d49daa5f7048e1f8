/** Data to look around with, and the end of it in one click. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { ErrorNote, Note } from "@/app/forms/notes";
import { demoOptions, useDemo } from "@/app/settings/demo-data";
import { Row, Rows, RowsSkeleton, Section } from "@/app/settings/parts";
import { useSession, workspaceOf } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { Badge } from "@/ui/badge";
import { Button, LinkButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { ErrorState } from "@/ui/empty";
import { toast } from "@/ui/toast";

export function Demo() {
  const { t } = useLingui();
  const { tenant } = useSession();
  const state = useQuery(demoOptions(tenant.id));
  return (
    <Section
      title={t`Demo data`}
      lead={t`A made-up business with people, deals and two months of history, to look around in.`}
    >
      {state.isPending ? (
        <RowsSkeleton count={1} />
      ) : state.error ? (
        <ErrorState error={state.error} onRetry={() => void state.refetch()} />
      ) : (
        <Switchboard present={state.data.present} at={state.data.tenant} />
      )}
      <Note>
        <Trans>
          The demo is an account of its own below this one: nothing of yours is mixed with it, and
          removing it removes nothing else.
        </Trans>
      </Note>
    </Section>
  );
}

function Switchboard({ present, at }: { present: boolean; at: string | null }) {
  const { t } = useLingui();
  const { tenant, tenants, role } = useSession();
  const { make, remove } = useDemo(tenant.id);
  const there = tenants.find((each) => each.id === at);
  const problem = make.error ?? remove.error;
  const create = () =>
    make.mutate(undefined, {
      onSuccess: () => toast({ title: t`The demo is ready`, tone: "good" }),
    });
  const clear = async () => {
    const sure = await confirm({
      title: t`Remove the demo data?`,
      body: t`Everything in the demo goes for good, what was added there by hand as well.`,
      action: t`Remove`,
      danger: true,
    });
    if (!sure) return;
    remove.mutate(undefined, { onSuccess: () => toast({ title: t`The demo data is gone` }) });
  };
  return (
    <>
      {problem && <ErrorNote problem={asProblem(problem)} />}
      <Rows>
        <Row
          label={
            <span className="flex items-center gap-2">
              {there?.name ?? t`Demo`}
              {present ? <Badge hue={155} dot>{t`On`}</Badge> : <Badge dot>{t`Off`}</Badge>}
            </span>
          }
          hint={t`500 contacts, 60 companies, 50 deals, tasks, appointments and their timelines.`}
        >
          <div className="flex gap-2">
            {present && there && (
              <LinkButton to={`/w/${workspaceOf(there, tenants)}`}>{t`Look around`}</LinkButton>
            )}
            {present && role === "owner" && (
              <Button variant="danger" pending={remove.isPending} onClick={() => void clear()}>
                {t`Remove`}
              </Button>
            )}
            {!present && (
              <Button
                variant="primary"
                icon={<FlaskConical size={15} aria-hidden />}
                pending={make.isPending}
                onClick={create}
              >
                {make.isPending ? t`Making it…` : t`Create the demo`}
              </Button>
            )}
          </div>
        </Row>
      </Rows>
      {present && role !== "owner" && (
        <p className="text-12 text-muted">{t`Only an owner can remove it.`}</p>
      )}
    </>
  );
}
