/** The value that the rows of a group have in common. */
import { useLingui } from "@lingui/react/macro";
import { FieldDisplay } from "@/engine/fields/field";
import type { Bucket, Group, GroupBy } from "@/engine/list/groups";
import { formatDay } from "@/lib/format";

export function bucketText(day: string, bucket: Bucket): string {
  const year = day.slice(0, 4);
  if (bucket === "year") return year;
  if (bucket === "quarter") return `Q${Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1} ${year}`;
  if (bucket === "month") return formatDay(day, { month: "long", year: "numeric" });
  return formatDay(day);
}

export function GroupLabel({ by, group }: { by: GroupBy; group: Group }) {
  const { t } = useLingui();
  const { value } = group;
  if (value === null || value === "") return <span className="text-muted">{t`Empty`}</span>;
  if (by.bucket === "week" && typeof value === "string") {
    const day = formatDay(value);
    return <span className="truncate">{t`Week of ${day}`}</span>;
  }
  if (by.bucket && typeof value === "string") {
    return <span className="truncate">{bucketText(value, by.bucket)}</span>;
  }
  if (by.field.type === "checkbox") return <span>{value === true ? t`Yes` : t`No`}</span>;
  const single = { ...by.field, many: false };
  return <FieldDisplay field={single} value={group.doc ?? value} />;
}
