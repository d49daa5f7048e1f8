/** A button that takes the next keys pressed: one, or two in a row (`g c`). */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Refusal, refusalOf } from "@/app/shortcuts/conflicts";
import { cx } from "@/lib/cx";
import { keyOf } from "@/lib/keyboard";
import { Kbd } from "@/ui/kbd";

/** The time in which a second key makes it a sequence. */
const SECOND = 900;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

export function KeyRecorder({
  title,
  keys,
  onRecord,
}: {
  title: string;
  keys: string;
  onRecord: (keys: string) => void;
}) {
  const { t } = useLingui();
  const [recording, setRecording] = useState(false);
  const [first, setFirst] = useState("");
  const [refused, setRefused] = useState<Refusal | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const stop = () => {
    clearTimeout(timer.current);
    setRecording(false);
    setFirst("");
  };
  const take = (recorded: string) => {
    const refusal = refusalOf(recorded);
    setRefused(refusal);
    stop();
    if (!refusal) onRecord(recorded);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!recording || event.key === "Tab" || event.repeat) return;
    event.preventDefault();
    // What is being bound must not run.
    event.stopPropagation();
    if (MODIFIERS.has(event.key)) return;
    if (event.key === "Escape") {
      stop();
      return;
    }
    if (event.key === "Backspace" || event.key === "Delete") {
      take("");
      return;
    }
    const key = keyOf(event.nativeEvent);
    clearTimeout(timer.current);
    if (first) take(`${first} ${key}`);
    // Only plain letters begin a sequence; with a modifier one is enough.
    else if (/^[a-z0-9]$/.test(key)) {
      setFirst(key);
      timer.current = setTimeout(() => take(key), SECOND);
    } else take(key);
  };
  const said = {
    browser: t`The browser keeps this key for itself.`,
    focus: t`This key moves the focus or writes. Add Ctrl or Alt.`,
  };
  const shown = first || keys;
  return (
    <span className="flex items-center gap-2">
      {refused && (
        <span role="alert" className="text-12 text-danger">
          {said[refused]}
        </span>
      )}
      <button
        type="button"
        aria-pressed={recording}
        onClick={() => {
          setRefused(null);
          setRecording(true);
        }}
        onBlur={stop}
        onKeyDown={onKeyDown}
        className={cx(
          "flex h-7 min-w-24 items-center justify-center rounded-control px-2 shadow-control phone:h-11",
          recording ? "bg-accent-tint text-accent-text" : "bg-raise text-faint hover:bg-hover",
        )}
      >
        <span className="sr-only">{title}: </span>
        {recording && !first ? <span className="text-12">{t`Press keys…`}</span> : null}
        {!recording && !keys ? <span className="text-12">{t`None`}</span> : null}
        {shown && (!recording || first) ? <Kbd keys={shown} /> : null}
        {!recording && <span className="sr-only">. {t`Change`}</span>}
      </button>
    </span>
  );
}
