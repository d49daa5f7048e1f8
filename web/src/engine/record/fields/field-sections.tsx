/** All fields of a record in sections; what the module does not name is under "More". */
import { useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import { isEmpty } from "@/engine/fields/types";
import { viewOf } from "@/engine/modules";
import { arrange, type FieldSection, isEditable } from "@/engine/record/fields/arrange";
import { FieldRow } from "@/engine/record/fields/field-row";
import type { Writes } from "@/engine/writes";
import { cx } from "@/lib/cx";
import { formatInstant, formatRelative } from "@/lib/format";
import { label } from "@/lib/i18n";

type Props = {
  definition: Definition;
  doc: Doc;
  writes: Writes;
  pending: boolean;
  /** The path of the field being edited. */
  editing: string | null;
  onEdit: (path: string | null) => void;
};

export function useSections(definition: Definition): FieldSection[] {
  return useMemo(() => arrange(definition, viewOf(definition.slug)?.sections), [definition]);
}

export function FieldSections({ definition, doc, writes, pending, editing, onEdit }: Props) {
  const sections = useSections(definition);
  const titled = sections.some((section) => section.kind === "named");
  // What was folded or unfolded here; the rest as it is best at the start.
  const [folds, setFolds] = useState<Record<string, boolean>>({});
  const isOpen = (section: FieldSection, at: number) =>
    folds[section.title] ??
    (section.kind === "more" ? !titled : at === 0 || hasValues(doc, section));
  const folding = (section: FieldSection, at: number) =>
    section.kind === "more"
      ? titled
      : at > 0 && (!hasValues(doc, section) || section.title in folds);
  const shown = sections.filter((section, at) => section.kind !== "system" && isOpen(section, at));
  const paths = shown
    .flatMap((section) => section.places)
    .filter((place) => isEditable(definition, doc, place) && place.field.type !== "checkbox")
    .map((place) => place.path);
  const order = paths.join("\n");
  const move = useCallback(
    (from: string, step: 1 | -1) => {
      const list = order.split("\n");
      onEdit(list[list.indexOf(from) + step] ?? null);
    },
    [order, onEdit],
  );
  return (
    <div className="grid max-w-[720px] gap-4 pb-6">
      {sections.map((section, at) =>
        section.kind === "system" ? null : (
          <Section
            key={section.title}
            section={section}
            open={isOpen(section, at)}
            {...(folding(section, at)
              ? {
                  onToggle: () => setFolds({ ...folds, [section.title]: !isOpen(section, at) }),
                }
              : {})}
          >
            {section.places.map((place) => (
              <FieldRow
                key={place.path}
                definition={definition}
                doc={doc}
                place={place}
                writes={writes}
                pending={pending}
                editing={editing === place.path}
                onEdit={onEdit}
                onMove={move}
              />
            ))}
          </Section>
        ),
      )}
      <Times doc={doc} />
    </div>
  );
}

/** Whether anything of a section was ever said: one that is empty waits folded. */
function hasValues(doc: Doc, { places }: FieldSection): boolean {
  return places.some(({ path }) => !isEmpty(valueAt(doc, path)));
}

function Section({
  section,
  open = true,
  onToggle,
  children,
}: {
  section: FieldSection;
  open?: boolean;
  onToggle?: () => void;
  children: React.ReactNode;
}) {
  const { t } = useLingui();
  const title = section.kind === "named" ? label(section.title) : t`More`;
  // Alone it needs no heading: its tab says what it is.
  const bare = section.kind === "more" && !onToggle;
  return (
    <section>
      <h2 className={bare ? "sr-only" : "mb-1 text-12 font-semibold text-muted"}>
        {onToggle ? (
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className="-ml-1 flex h-7 items-center gap-1 rounded-control pl-1 pr-2 hover:bg-hover coarse:h-11"
          >
            <ChevronRight
              size={13}
              className={cx("transition-transform duration-100", open && "rotate-90")}
            />
            {title}
          </button>
        ) : (
          title
        )}
      </h2>
      {open && children}
    </section>
  );
}

function Times({ doc }: { doc: Doc }) {
  const { t } = useLingui();
  if (!doc.createdAt) return null;
  const created = formatInstant(doc.createdAt);
  const changed = doc.updatedAt ? formatRelative(doc.updatedAt) : null;
  return (
    <p className="text-12 text-faint">
      <span>{t`Created ${created}`}</span>
      {changed && <span title={formatInstant(doc.updatedAt)}> · {t`changed ${changed}`}</span>}
    </p>
  );
}
