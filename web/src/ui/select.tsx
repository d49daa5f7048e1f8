/** One of a list that is short enough to be seen whole. */
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Select as Base } from "@base-ui/react/select";
import { useLingui } from "@lingui/react/macro";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { StatusTag } from "@/ui/badge";
import { PLACE, POPUP, SHADE, SHEET } from "@/ui/popup";

export type SelectOption<T extends string = string> = {
  value: T;
  label: string;
  /** Draws the choice as a state. */
  hue?: number;
  icon?: ReactNode;
};

export type SelectProps<T extends string> = {
  value: T | null;
  onChange: (value: T | null) => void;
  options: readonly SelectOption<T>[];
  placeholder?: string;
  clearable?: boolean;
  dense?: boolean;
  id?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  /** Opens as soon as it is there: in a cell. */
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean | undefined;
};

/** Base UI takes null for "nothing chosen"; the choice that clears has a value of its own. */
const NONE = "\u0000none";

function Face({ option }: { option: SelectOption }) {
  if (option.hue !== undefined) return <StatusTag label={option.label} hue={option.hue} />;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {option.icon}
      <span className="truncate">{option.label}</span>
    </span>
  );
}

export function Select<T extends string>({
  value,
  onChange,
  options,
  placeholder,
  clearable = false,
  dense = false,
  defaultOpen,
  onOpenChange,
  className,
  disabled,
  ...rest
}: SelectProps<T>) {
  const { t } = useLingui();
  const chosen = options.find((option) => option.value === value);
  return (
    // The content security policy lets no <style> in, which Base UI would add for a scroll bar.
    <CSPProvider disableStyleElements>
      <Base.Root
        value={value}
        disabled={disabled ?? false}
        {...(defaultOpen ? { defaultOpen } : {})}
        {...(onOpenChange ? { onOpenChange: (open: boolean) => onOpenChange(open) } : {})}
        onValueChange={(next) => onChange(next === NONE ? null : (next as T | null))}
      >
        <Base.Trigger
          {...rest}
          className={cx(
            "flex w-full min-w-0 items-center gap-2 rounded-control bg-raise text-left shadow-control outline-none focus-visible:shadow-[0_0_0_2px_var(--accent)] aria-[invalid=true]:shadow-[0_0_0_1.5px_var(--danger)] data-[disabled]:opacity-60",
            dense ? "h-7 px-2" : "h-9 px-2.5",
            "coarse:min-h-11",
            className,
          )}
        >
          <span className="min-w-0 grow truncate">
            {chosen ? (
              <Face option={chosen} />
            ) : (
              <span className="text-faint">{placeholder ?? t`Choose…`}</span>
            )}
          </span>
          <Base.Icon className="shrink-0 text-faint">
            <ChevronDown size={14} />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Backdrop className={SHADE} />
          <Base.Positioner
            sideOffset={4}
            alignItemWithTrigger={false}
            collisionPadding={8}
            className={PLACE}
          >
            <Base.Popup
              className={cx(
                POPUP,
                SHEET,
                "max-h-[min(var(--available-height),360px)] min-w-[var(--anchor-width)] overflow-y-auto p-1",
              )}
            >
              {clearable && (
                <Base.Item value={NONE} className={ITEM}>
                  <Base.ItemText className="text-faint">{t`None`}</Base.ItemText>
                </Base.Item>
              )}
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={ITEM}>
                  <Base.ItemText className="min-w-0 grow">
                    <Face option={option} />
                  </Base.ItemText>
                  <Base.ItemIndicator className="shrink-0">
                    <Check size={14} />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}

const ITEM =
  "flex h-8 cursor-default select-none items-center gap-2 rounded-[6px] px-2 outline-none data-[highlighted]:bg-hover dark:data-[highlighted]:bg-active coarse:min-h-11";
