/** The fields of a raw document, each as JSON; what cannot be written is only shown. */
import { useLingui } from "@lingui/react/macro";
import { jsonText, type Raw } from "@/app/admin/raw";
import { type Definition, fieldAt } from "@/engine/definitions";
import { cx } from "@/lib/cx";
import type { Problem } from "@/lib/problem";
import { Textarea } from "@/ui/field";

type Props = {
  definition: Definition;
  values: Raw;
  /** What was typed, by field. */
  texts: Record<string, string>;
  faults: Record<string, string>;
  problem: Problem | null;
  editable: readonly string[];
  creating: boolean;
  onChange: (name: string, text: string) => void;
};

export function FieldRows(props: Props) {
  const { definition, creating, editable } = props;
  const own = definition.fields.map((field) => field.name);
  const names = creating ? editable : [...definition.system, ...own];
  return (
    <div className="grid">
      {names.map((name) => (
        <FieldRow key={name} name={name} {...props} />
      ))}
    </div>
  );
}

function FieldRow({
  name,
  definition,
  values,
  texts,
  faults,
  problem,
  editable,
  onChange,
}: Props & { name: string }) {
  const { t } = useLingui();
  const field = fieldAt(definition, name);
  const said = problem?.fields.find(
    (each) => each.path === name || each.path.startsWith(`${name}.`),
  )?.message;
  const error = faults[name] ?? said;
  const text = texts[name] ?? jsonText(values[name]);
  const kind = field
    ? `${field.type}${field.many ? "[]" : ""}${field.relationTo ? ` → ${field.relationTo}` : ""}`
    : "text";
  const id = `raw-${name}`;
  return (
    <div
      className={cx(
        "grid grid-cols-[220px_1fr] gap-3 border-b border-line px-3 py-2 phone:grid-cols-1 phone:gap-1",
        name in texts && "bg-accent-tint",
      )}
    >
      <label htmlFor={id} className="min-w-0 pt-1.5">
        <span className="block truncate font-mono text-12 font-medium">
          {name}
          {field?.required && (
            <span className="text-danger" title={t`Required`}>
              {" "}
              *
            </span>
          )}
        </span>
        <span className="block truncate text-11 text-muted">{kind}</span>
      </label>
      <div className="min-w-0">
        {editable.includes(name) ? (
          <Textarea
            id={id}
            autoGrow
            rows={1}
            spellCheck={false}
            aria-invalid={Boolean(error)}
            aria-describedby={error ? `${id}-error` : undefined}
            className="!py-1.5 font-mono text-12"
            placeholder={field?.writeOnly ? t`Never shown` : "null"}
            value={text}
            onChange={(event) => onChange(name, event.target.value)}
          />
        ) : (
          <pre
            id={id}
            className="overflow-x-auto whitespace-pre-wrap py-1.5 font-mono text-12 text-muted [overflow-wrap:anywhere]"
          >
            {text || "null"}
          </pre>
        )}
        {error && (
          <p id={`${id}-error`} role="alert" className="mt-1 text-12 text-danger">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
