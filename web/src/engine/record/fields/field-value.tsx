/** A value on the record: as in lists, but whole, and related records are links. */
import { type Field, idOf } from "@/engine/definitions";
import { FieldDisplay } from "@/engine/fields/field";
import { fieldView } from "@/engine/fields/registry";
import { RecordLink } from "@/engine/record-link";
import { useSession } from "@/engine/session";

/** Collections whose records are chosen from rather than gone to. */
const NOT_GONE_TO = new Set(["users", "tags", "stages", "pipelines", "tenants"]);

export function FieldValue({ field, value }: { field: Field; value: unknown }) {
  const { schema } = useSession();
  const slug = field.relationTo;
  const target = schema.collections.find((definition) => definition.slug === slug);
  if (slug && target?.permissions.read && !NOT_GONE_TO.has(slug)) {
    const values = Array.isArray(value) ? value : [value];
    return (
      <span className="flex min-w-0 flex-wrap gap-x-2 gap-y-1">
        {values.map((each) => (
          <RecordLink
            key={idOf(each) ?? ""}
            slug={slug}
            id={idOf(each) ?? ""}
            className="flex min-w-0 max-w-full rounded-tag underline-offset-2 hover:underline decoration-edge"
          >
            <FieldDisplay field={field} value={each} />
          </RecordLink>
        ))}
      </span>
    );
  }
  if (slug && Array.isArray(value)) {
    return (
      <span className="flex flex-wrap gap-1">
        {value.map((each) => (
          <FieldDisplay key={idOf(each) ?? ""} field={field} value={each} />
        ))}
      </span>
    );
  }
  if (field.type === "address" || field.type === "array") {
    const text = fieldView(field).text(value, field);
    return text ? (
      <span className="break-words">{text}</span>
    ) : (
      <span className="text-faint">—</span>
    );
  }
  if (field.type === "text" || field.type === "textarea") {
    return (
      <span className="whitespace-pre-wrap break-words [overflow-wrap:anywhere]">
        {fieldView(field).text(value, field)}
      </span>
    );
  }
  return (
    <span className="flex min-w-0">
      <FieldDisplay field={field} value={value} />
    </span>
  );
}
