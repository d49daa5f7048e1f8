/** What is sold: services with their prices. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { MoreHorizontal, Pencil, Plus, Power, Trash2, Wrench } from "lucide-react";
import { useState } from "react";
import { DocumentDialog } from "@/app/settings/document-dialog";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import { type Definition, type Doc, fieldAt } from "@/engine/definitions";
import { listOptions, type Money } from "@/engine/documents";
import { useDefinition } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { formatMoney } from "@/lib/format";
import { label } from "@/lib/i18n";
import { Badge } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Menu, MenuItem } from "@/ui/menu";

type Service = Doc & {
  name: string;
  description: string | null;
  category: string | null;
  price: Money | null;
  billing: string;
  active: boolean;
};

export function Services() {
  const { t } = useLingui();
  const definition = useDefinition("services");
  const [editing, setEditing] = useState<Service | "new" | null>(null);
  const services = useQuery(
    listOptions("services", { limit: 1000, pagination: false, sort: "name", depth: 0 }),
  );
  const docs = (services.data?.docs ?? []) as Service[];
  const may = definition?.permissions.create === true;
  const add = may && (
    <Button
      variant="primary"
      icon={<Plus size={15} aria-hidden />}
      onClick={() => setEditing("new")}
    >
      {t`New service`}
    </Button>
  );
  return (
    <Section
      title={t`Services`}
      lead={t`What you sell. Deals name them.`}
      actions={docs.length > 0 && add}
    >
      {services.isPending ? (
        <RowsSkeleton />
      ) : services.error ? (
        <ErrorState error={services.error} onRetry={() => void services.refetch()} />
      ) : docs.length === 0 ? (
        <EmptyState
          icon={Wrench}
          title={t`No services yet`}
          body={t`Name what you sell and its price, so that deals can point to it.`}
          action={add}
        />
      ) : (
        definition && (
          <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
            {docs.map((service) => (
              <ServiceRow
                key={service.id}
                service={service}
                definition={definition}
                onEdit={() => setEditing(service)}
              />
            ))}
          </ul>
        )
      )}
      {editing && definition && (
        <DocumentDialog
          definition={definition}
          doc={editing === "new" ? undefined : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  );
}

function ServiceRow({
  service,
  definition,
  onEdit,
}: {
  service: Service;
  definition: Definition;
  onEdit: () => void;
}) {
  const { t } = useLingui();
  const billing = fieldAt(definition, "billing")?.options?.find(
    (option) => option.value === service.billing,
  );
  const name = (
    <span className={cx("truncate font-medium", !service.active && "text-muted")}>
      {service.name}
    </span>
  );
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 grow">
        <div className="flex items-center gap-2">
          {definition.permissions.update ? (
            <button
              type="button"
              className="min-w-0 truncate text-left hover:underline"
              onClick={onEdit}
            >
              {name}
            </button>
          ) : (
            name
          )}
          {!service.active && <Badge dot>{t`Not offered`}</Badge>}
        </div>
        {(service.category || service.description) && (
          <div className="truncate text-12 text-muted">
            {[service.category, service.description].filter(Boolean).join(" · ")}
          </div>
        )}
      </div>
      <div className="shrink-0 text-right">
        <div>
          {service.price ? (
            formatMoney(service.price)
          ) : (
            <span className="text-faint">{t`No price`}</span>
          )}
        </div>
        {billing && <div className="text-12 text-muted">{label(billing.label)}</div>}
      </div>
      <ServiceMenu service={service} definition={definition} onEdit={onEdit} />
    </li>
  );
}

function ServiceMenu({
  service,
  definition,
  onEdit,
}: {
  service: Service;
  definition: Definition;
  onEdit: () => void;
}) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const { permissions } = definition;
  if (!permissions.update && !permissions.delete) return null;
  const toggle = () => {
    const active = !service.active;
    const message = active
      ? t`${service.name} is offered again`
      : t`${service.name} is not offered any more`;
    void writes.update(service, { active }, { message }).catch(() => undefined);
  };
  const remove = async () => {
    const sure = await confirm({
      title: t`Delete “${service.name}”?`,
      body: t`Deals that name it lose it. To keep them as they are, stop offering it instead.`,
      action: t`Delete`,
      danger: true,
    });
    if (sure) await writes.remove([service], t`Service deleted`).catch(() => undefined);
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t`Actions for ${service.name}`} bare>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      {permissions.update && (
        <>
          <MenuItem icon={<Pencil size={15} />} onSelect={onEdit}>{t`Edit`}</MenuItem>
          <MenuItem icon={<Power size={15} />} onSelect={toggle}>
            {service.active ? t`Stop offering it` : t`Offer it again`}
          </MenuItem>
        </>
      )}
      {permissions.delete && (
        <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => void remove()}>
          {t`Delete`}
        </MenuItem>
      )}
    </Menu>
  );
}
