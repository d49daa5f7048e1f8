/** A text edited where it stands: saved when it is left or by Enter, brought back by Escape. */
import { useEffect, useRef, useState } from "react";
import { cx } from "@/lib/cx";

export function InlineText({
  value,
  onSave,
  label,
  className,
  disabled = false,
  max,
  numeric = false,
  suffix,
}: {
  value: string;
  /** An empty text is never saved unless `numeric`. */
  onSave: (value: string) => void;
  label: string;
  className?: string;
  disabled?: boolean;
  max?: number | undefined;
  numeric?: boolean;
  suffix?: string;
}) {
  const [draft, setDraft] = useState(value);
  const given = useRef(false);
  useEffect(() => setDraft(value), [value]);
  const leave = () => {
    const text = draft.trim();
    if (given.current || text === value || (text === "" && !numeric)) setDraft(value);
    else onSave(text);
    given.current = false;
  };
  if (disabled) {
    return (
      <span className={cx("truncate px-2", className)}>
        {value}
        {suffix}
      </span>
    );
  }
  return (
    <span
      className={cx(
        "flex min-w-0 items-center rounded-control px-2 hover:bg-hover focus-within:bg-raise focus-within:shadow-[0_0_0_2px_var(--accent)]",
        className,
      )}
    >
      <input
        aria-label={label}
        value={draft}
        maxLength={max}
        inputMode={numeric ? "numeric" : "text"}
        className={cx(
          "h-7 w-full min-w-0 bg-transparent outline-none coarse:h-11 phone:text-[16px]",
          numeric && "text-right",
        )}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape") given.current = true;
          if (event.key === "Enter" || event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
      />
      {suffix && <span className="text-muted">{suffix}</span>}
    </span>
  );
}
