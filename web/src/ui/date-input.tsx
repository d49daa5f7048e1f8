/** Days and instants, typed as people say them ("friday", "tomorrow 9am") or picked from a month. */
import { useLingui } from "@lingui/react/macro";
import { CalendarDays } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  dayOf,
  formatDay,
  formatInstant,
  instantOf,
  locale,
  localOf,
  today,
  viewerZone,
} from "@/lib/format";
import { Button } from "@/ui/button";
import { CalendarGrid } from "@/ui/calendar-grid";
import { Input } from "@/ui/field";
import { Popover } from "@/ui/popover";

type Common = {
  value: string | null;
  onChange: (value: string | null) => void;
  id?: string;
  autoFocus?: boolean;
  invalid?: boolean;
  dense?: boolean;
  disabled?: boolean;
  placeholder?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
};

/** What was typed, as wall-clock time in the viewer's zone: `YYYY-MM-DDTHH:mm`; null when it is no date. */
async function understand(text: string): Promise<{ local: string; timed: boolean } | null> {
  const plain = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?$/.exec(text.trim());
  if (plain) return { local: `${plain[1]}T${plain[2] ?? "00:00"}`, timed: plain[2] !== undefined };
  const chrono = await import("chrono-node");
  const parser = locale().startsWith("es") ? chrono.es : chrono.casual;
  // The parser thinks in the browser's zone: give it the viewer's wall clock as if it were that.
  const reference = new Date(localOf(new Date().toISOString()));
  const [found] = parser.parse(text, reference, { forwardDate: true });
  if (!found) return null;
  const { start } = found;
  const part = (name: "year" | "month" | "day" | "hour" | "minute") =>
    String(start.get(name) ?? 0).padStart(2, "0");
  return {
    local: `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`,
    timed: start.isCertain("hour"),
  };
}

export function DateInput({ value, onChange, ...rest }: Common) {
  return (
    <Typed
      {...rest}
      shown={value ? formatDay(value, { day: "numeric", month: "short", year: "numeric" }) : ""}
      read={async (text) => {
        if (text === "") return onChange(null);
        const found = await understand(text);
        if (!found) return false;
        return onChange(found.local.slice(0, 10));
      }}
      picker={(done) => (
        <Days
          value={value}
          onChange={(day) => {
            onChange(day);
            done();
          }}
        />
      )}
    />
  );
}

/** The hour that a day alone means. */
const MORNING = "09:00";

export function DateTimeInput({ value, onChange, ...rest }: Common) {
  const { t } = useLingui();
  const local = value ? localOf(value) : null;
  const full = {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  } as const;
  return (
    <Typed
      {...rest}
      shown={value ? formatInstant(value, full) : ""}
      read={async (text) => {
        if (text === "") return onChange(null);
        const found = await understand(text);
        if (!found) return false;
        const at = found.timed
          ? found.local
          : `${found.local.slice(0, 10)}T${local?.slice(11) ?? MORNING}`;
        return onChange(instantOf(at));
      }}
      picker={(done) => (
        <div>
          <Days
            value={value ? dayOf(value) : null}
            onChange={(day) => onChange(instantOf(`${day}T${local?.slice(11) ?? MORNING}`))}
          />
          <div className="flex items-center gap-2 border-t border-line p-2">
            <Input
              dense
              type="time"
              aria-label={t`Time`}
              value={local?.slice(11) ?? ""}
              onChange={(event) => {
                if (event.target.value)
                  onChange(instantOf(`${local?.slice(0, 10) ?? today()}T${event.target.value}`));
              }}
            />
            <span className="truncate text-11 text-faint">{viewerZone()}</span>
            <Button size="sm" variant="primary" onClick={done}>
              {t({ message: "Done", context: "close the dialog" })}
            </Button>
          </div>
        </div>
      )}
    />
  );
}

function Days({ value, onChange }: { value: string | null; onChange: (day: string) => void }) {
  return <CalendarGrid value={value} onChange={onChange} autoFocus />;
}

/** A text that becomes a date when the field is left or Enter is pressed; says so when it does not. */
function Typed({
  shown,
  read,
  picker,
  invalid,
  placeholder,
  ...rest
}: Omit<Common, "value" | "onChange"> & {
  shown: string;
  /** Answers false when it cannot be understood. */
  read: (text: string) => Promise<unknown>;
  picker: (done: () => void) => React.ReactNode;
}) {
  const { t } = useLingui();
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const [open, setOpen] = useState(false);
  const live = useRef(true);
  useEffect(() => {
    live.current = true;
    return () => {
      live.current = false;
    };
  }, []);
  const commit = async () => {
    if (draft === null || draft === shown) return setDraft(null);
    const ok = (await read(draft.trim())) !== false;
    if (!live.current) return;
    setWrong(!ok);
    if (ok) setDraft(null);
  };
  return (
    <div className="grid gap-1">
      <Input
        {...rest}
        autoComplete="off"
        aria-invalid={invalid || wrong}
        placeholder={placeholder ?? t`Tomorrow, 9 May…`}
        value={draft ?? shown}
        onChange={(event) => {
          setWrong(false);
          setDraft(event.target.value);
        }}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === "Enter" && draft !== null) {
            // The date is read before whatever Enter means outside.
            void commit();
          }
        }}
        right={
          <Popover
            open={open}
            onOpenChange={setOpen}
            align="end"
            label={t`Choose a date`}
            trigger={
              <button
                type="button"
                aria-label={t`Choose a date`}
                disabled={rest.disabled ?? false}
                className="-mr-1 inline-flex size-6 shrink-0 items-center justify-center rounded-tag text-faint hover:bg-hover hover:text-fg"
              >
                <CalendarDays size={14} />
              </button>
            }
          >
            {picker(() => setOpen(false))}
          </Popover>
        }
      />
      {wrong && (
        <p role="alert" className="text-12 text-danger">
          {t`This is no date. Try “tomorrow 9am” or “2026-05-09”.`}
        </p>
      )}
    </div>
  );
}
