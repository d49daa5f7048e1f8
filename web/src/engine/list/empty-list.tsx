/** Lists without rows: nothing there yet, or nothing that fits. */
import { useLingui } from "@lingui/react/macro";
import { Database, Plus, SearchX } from "lucide-react";
import type { Definition } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import { isAdmin, useSession } from "@/engine/session";
import { label } from "@/lib/i18n";
import { Button, LinkButton } from "@/ui/button";
import { EmptyState } from "@/ui/empty";

/** The form is a chunk of its own. */
export async function createRecord(slug: string): Promise<void> {
  const dialog = await import("@/engine/record/create-dialog");
  dialog.openCreate(slug);
}

export function NoRecords({ definition }: { definition: Definition }) {
  const { t } = useLingui();
  const { role, path } = useSession();
  const singular = label(definition.labels.singular).toLowerCase();
  const plural = label(definition.labels.plural).toLowerCase();
  const { create } = definition.permissions;
  const icon = viewOf(definition.slug)?.icon ?? Database;
  return (
    <EmptyState
      icon={icon}
      title={create ? t`Your ${plural} will be here` : t`There are no ${plural} yet`}
      body={
        create
          ? t`Create the first one. A table from another CRM comes in with “mainstay import”, matched by keys and tried dry first.`
          : t`Someone who may create them has to begin.`
      }
      action={
        create && (
          <>
            <Button
              variant="primary"
              icon={<Plus size={15} />}
              onClick={() => void createRecord(definition.slug)}
            >
              {t`New ${singular}`}
            </Button>
            {isAdmin(role) && (
              <LinkButton to={path("setup")}>{t`Look around with demo data`}</LinkButton>
            )}
          </>
        )
      }
    />
  );
}

export function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={SearchX}
      title={t`Nothing matches`}
      body={t`No record fits the search and the filters together. Take some away.`}
      action={<Button onClick={onClear}>{t`Clear search and filters`}</Button>}
    />
  );
}
