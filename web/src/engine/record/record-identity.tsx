/** Who or what a record is, at a glance: face, name, state, whoever answers for it. */
import { useLingui } from "@lingui/react/macro";
import type { Definition, Doc } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { isEmpty } from "@/engine/fields/types";
import { viewOf } from "@/engine/modules";
import { ownerField, stateField } from "@/engine/record/fields/arrange";
import { RecordTitle } from "@/engine/record/record-title";
import { isDoc, titleOf } from "@/engine/titles";
import type { Writes } from "@/engine/writes";
import { label } from "@/lib/i18n";
import { Avatar } from "@/ui/avatar";
import { Tooltip } from "@/ui/tooltip";

/** Collections whose records have a face; people round, the rest square. */
const FACES: Record<string, "round" | "square"> = {
  contacts: "round",
  users: "round",
  companies: "square",
  tenants: "square",
};

export function RecordIdentity({
  definition,
  doc,
  writes,
  pending,
  large,
}: {
  definition: Definition;
  doc: Doc;
  writes: Writes;
  pending: boolean;
  large: boolean;
}) {
  const { t } = useLingui();
  const view = viewOf(definition.slug);
  const face = FACES[definition.slug];
  const Icon = view?.icon;
  const state = stateField(definition, view?.board?.by);
  const owner = ownerField(definition);
  const held = owner && doc[owner.name];
  const ownerName = isDoc(held) ? String(held.name ?? "") : "";
  return (
    <div className="flex min-w-0 items-center gap-3">
      {face ? (
        <Avatar name={titleOf(definition, doc)} size={large ? 40 : 32} square={face === "square"} />
      ) : (
        Icon && (
          <span
            aria-hidden
            className="inline-flex size-8 shrink-0 items-center justify-center rounded-control bg-hover text-muted"
          >
            <Icon size={16} />
          </span>
        )
      )}
      <div className="flex min-w-0 grow flex-wrap items-center gap-x-2.5 gap-y-1">
        <RecordTitle
          definition={definition}
          doc={doc}
          writes={writes}
          pending={pending}
          large={large}
        />
        {state && !isEmpty(doc[state.name]) && (
          <span className="flex" title={label(state.label)}>
            <FieldDisplay field={state} value={doc[state.name]} />
          </span>
        )}
      </div>
      {owner && ownerName && (
        <Tooltip content={t`${label(owner.label)}: ${ownerName}`}>
          <span className="flex shrink-0 items-center gap-1.5 text-muted">
            <Avatar name={ownerName} size={24} />
            <span className={large ? "phone:sr-only" : "sr-only"}>
              <span className="sr-only">{label(owner.label)}: </span>
              {ownerName}
            </span>
          </span>
        </Tooltip>
      )}
    </div>
  );
}
