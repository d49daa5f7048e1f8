/** How pressing a task is: an icon, and the word where it matters. */
import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Equal, Flame, type LucideIcon } from "lucide-react";
import type { CSSProperties } from "react";
import type { Field } from "@/engine/definitions";
import { cx } from "@/lib/cx";
import { label } from "@/lib/i18n";
import { Menu, MenuItem } from "@/ui/menu";
import { hue } from "@/ui/tone";

const ICONS: Record<string, LucideIcon> = {
  urgent: Flame,
  high: ArrowUp,
  normal: Equal,
  low: ArrowDown,
};
/** What is as usual needs no word. */
const USUAL = "normal";

export function PriorityControl({
  field,
  value,
  writable,
  tabIndex,
  onChange,
}: {
  field: Field;
  value: string;
  writable: boolean;
  tabIndex: number;
  onChange: (value: string) => void;
}) {
  const { t } = useLingui();
  const options = field.options ?? [];
  const option = options.find((each) => each.value === value);
  const name = option ? label(option.label) : value;
  const Icon = ICONS[value] ?? Equal;
  const usual = value === USUAL;
  const face = (
    <>
      <Icon size={13} aria-hidden />
      {!usual && <span className="phone:sr-only">{name}</span>}
    </>
  );
  const look = cx(
    "flex h-5 items-center gap-1 rounded-tag px-1.5 text-12 font-medium",
    usual ? "text-faint" : "tint",
  );
  const style = (usual ? {} : { "--hue": hue(value) }) as CSSProperties;
  if (!writable) {
    return (
      <span className={look} style={style}>
        {face}
      </span>
    );
  }
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={t`Priority ${name}: change`}
          className="flex items-center rounded-control coarse:h-11 coarse:min-w-8 coarse:justify-center"
        >
          <span
            className={cx(
              look,
              usual && "phone:hidden",
              usual &&
                "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 coarse:opacity-100",
            )}
            style={style}
          >
            {face}
          </span>
        </button>
      }
    >
      {options.map((each) => {
        const Each = ICONS[each.value] ?? Equal;
        return (
          <MenuItem
            key={each.value}
            icon={<Each size={14} />}
            onSelect={() => onChange(each.value)}
          >
            {label(each.label)}
          </MenuItem>
        );
      })}
    </Menu>
  );
}
