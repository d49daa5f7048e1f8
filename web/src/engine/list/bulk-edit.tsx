/** Gives fields of many records one value. */
import { useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { type Definition, fieldAt } from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import { allColumns } from "@/engine/list/columns";
import { ids } from "@/engine/list/paste";
import type { Patch } from "@/engine/patch";
import { Button, IconButton } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { Dialog } from "@/ui/dialog";

type Line = { path: string; value: unknown };

/** What cannot be one value for many: keys that tell records apart, and what others decide. */
function editable(definition: Definition) {
  return allColumns(definition).filter(
    ({ path, field }) =>
      field.writable &&
      !field.readOnly &&
      !field.createOnly &&
      !field.unique &&
      // A part of a group is written with the rest of it, which differs from record to record.
      !path.includes(".") &&
      !["group", "array", "json", "address"].includes(field.type) &&
      !["firstName", "lastName", definition.title].includes(path),
  );
}

export function BulkEdit({
  definition,
  size,
  onClose,
  onApply,
}: {
  definition: Definition;
  size: string;
  onClose: () => void;
  onApply: (patch: Patch) => Promise<void>;
}) {
  const { t } = useLingui();
  const [lines, setLines] = useState<Line[]>([]);
  const fields = editable(definition);
  const free = fields.filter(({ path }) => !lines.some((line) => line.path === path));
  const set = (path: string, value: unknown) =>
    setLines(lines.map((line) => (line.path === path ? { path, value } : line)));
  const missing = lines.some((line) => {
    const field = fieldAt(definition, line.path);
    return field?.required && (line.value === null || line.value === "");
  });
  const apply = () => {
    const patch: Patch = {};
    for (const { path, value } of lines) {
      const field = fieldAt(definition, path);
      if (field) patch[path] = ids(field, value === "" ? null : value);
    }
    void onApply(patch);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={t`Edit ${size} records`}
      description={t`Every chosen record gets the same value. An empty one clears the field.`}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" disabled={lines.length === 0 || missing} onClick={apply}>
            {t`Change ${size} records`}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {lines.map(({ path, value }) => {
          const known = fields.find((each) => each.path === path);
          if (!known) return null;
          return (
            <div key={path} className="grid gap-1.5">
              <span className="text-12 font-medium text-muted">{known.label}</span>
              <div className="flex items-start gap-1.5">
                <div className="min-w-0 grow">
                  <FieldInput
                    field={known.field}
                    value={value}
                    aria-label={known.label}
                    onChange={(next) => set(path, next)}
                  />
                </div>
                <IconButton
                  label={t`Leave ${known.label} as it is`}
                  size="lg"
                  onClick={() => setLines(lines.filter((line) => line.path !== path))}
                >
                  <X size={15} />
                </IconButton>
              </div>
            </div>
          );
        })}
        <div className="flex items-center gap-2 text-muted">
          <Plus size={15} aria-hidden className="shrink-0" />
          <Combobox
            key={lines.length}
            autoFocus
            value={null}
            aria-label={t`Field to change`}
            placeholder={t`Choose a field…`}
            options={free.map(({ path, label }) => ({ value: path, label }))}
            onChange={(path) => {
              const field = path ? fieldAt(definition, path) : undefined;
              if (path && field) setLines([...lines, { path, value: field.many ? [] : null }]);
            }}
          />
        </div>
      </div>
    </Dialog>
  );
}
