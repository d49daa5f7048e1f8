/** A color, as a hex code, a picker or one of a few. */
import { useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import { cx } from "@/lib/cx";
import { Input } from "@/ui/field";

const SWATCHES = [
  "#3b56cf",
  "#7a4fd0",
  "#c2410c",
  "#b45309",
  "#15803d",
  "#0f766e",
  "#0369a1",
  "#be123c",
  "#475569",
];

export function ColorInput({
  value,
  onChange,
  swatches = SWATCHES,
  id,
  ...rest
}: {
  value: string | null;
  onChange: (value: string | null) => void;
  swatches?: readonly string[];
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
}) {
  const { t } = useLingui();
  return (
    <div className="grid gap-2">
      <Input
        {...rest}
        {...(id ? { id } : {})}
        value={value ?? ""}
        placeholder="#3b56cf"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value.trim() || null)}
        left={
          <input
            type="color"
            aria-label={t`Pick a color`}
            value={/^#[0-9a-f]{6}$/i.test(value ?? "") ? (value ?? "") : "#3b56cf"}
            onChange={(event) => onChange(event.target.value)}
            className="size-5 cursor-default rounded-tag border-0 bg-transparent p-0"
          />
        }
      />
      <div className="flex flex-wrap gap-1.5">
        {swatches.map((swatch) => {
          const chosen = swatch.toLowerCase() === value?.toLowerCase();
          return (
            <button
              key={swatch}
              type="button"
              aria-label={swatch}
              aria-pressed={chosen}
              onClick={() => onChange(swatch)}
              style={{ background: swatch }}
              className={cx(
                "inline-flex size-6 items-center coarse:size-11 justify-center rounded-control text-white",
                chosen && "shadow-[0_0_0_2px_var(--bg),0_0_0_4px_var(--accent)]",
              )}
            >
              {chosen && <Check size={13} />}
            </button>
          );
        })}
      </div>
    </div>
  );
}
