/** Keys, drawn as the platform has them. */
import { cx } from "@/lib/cx";
import { isMac } from "@/lib/keyboard";

const NAMES: Record<string, string> = {
  mod: isMac ? "⌘" : "Ctrl",
  shift: isMac ? "⇧" : "Shift",
  alt: isMac ? "⌥" : "Alt",
  enter: "↵",
  escape: "Esc",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  space: "Space",
  backspace: "⌫",
  delete: "Del",
};

export function keyNames(keys: string): string[] {
  return keys
    .split(" ")
    .map((chord) =>
      (chord === "+" ? ["+"] : chord.split("+"))
        .map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
        .join(isMac ? "" : " "),
    );
}

export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={cx("flex shrink-0 gap-1 font-sans", className)}>
      {keyNames(keys).map((name, at) => (
        <span
          key={at}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-[4px] bg-bg px-1 text-11 text-muted shadow-[0_0_0_1px_var(--edge)]"
        >
          {name}
        </span>
      ))}
    </kbd>
  );
}
