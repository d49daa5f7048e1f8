/** The editor in a cell: Enter and Tab keep what was typed and go on, Escape leaves it as it was. */
import { useLingui } from "@lingui/react/macro";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { type Definition, type Doc, valueAt } from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import { type Col, hasNames } from "@/engine/list/columns";
import { isDated } from "@/engine/list/groups";
import { Input } from "@/ui/field";

export type Then = "down" | "right" | "left" | "stay";
export type Names = { firstName: string; lastName: string | null };

/** Editors of several lines: they open over the page, from the corner of their cell. */
const LARGE = new Set(["textarea", "json", "group", "address", "array"]);

/** The reader of dates is loaded when it is first needed. */
const READ_LIMIT = 4_000;

type Props = {
  definition: Definition;
  col: Col;
  doc: Doc;
  /** Began by typing: what was there is replaced. */
  clear: boolean;
  onCommit: (value: unknown, then: Then) => void;
  onCancel: () => void;
};

export function CellEditor({ definition, col, doc, clear, onCommit, onCancel }: Props) {
  const names = col.isTitle && hasNames(definition);
  const value = useRef<unknown>(
    names
      ? { firstName: String(doc.firstName ?? ""), lastName: String(doc.lastName ?? "") }
      : clear
        ? null
        : valueAt(doc, col.path),
  );
  const [shown, setShown] = useState(value.current);
  const over = useRef(false);
  const finish = (then: Then) => {
    if (over.current) return;
    over.current = true;
    onCommit(value.current, then);
  };
  const cancel = () => {
    over.current = true;
    onCancel();
  };
  const box = useRef<HTMLDivElement>(null);
  const dated = useDated(box, isDated(col.field), shown, finish);
  const change = (next: unknown) => {
    value.current = next;
    setShown(next);
    dated.changed();
  };
  const inside = useLeave(() => dated.finish("stay"));
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const asked = told(event, col);
    if (!asked) return;
    event.preventDefault();
    if (asked === "cancel") cancel();
    else dated.finish(asked);
  };
  const Shell = names || LARGE.has(col.field.type) ? OverCell : InCell;
  return (
    <Shell wide={col.view.overlay === true}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field inside */}
      <div ref={box} className="min-w-0 grow" onKeyDown={onKeyDown} {...inside}>
        {names ? (
          <NamesInput value={shown as Names} onChange={change} />
        ) : (
          <FieldInput
            field={col.field}
            value={shown}
            onChange={change}
            onDone={() => finish("stay")}
            autoFocus
            dense
            aria-label={col.label}
          />
        )}
      </div>
    </Shell>
  );
}

/**
 * A date is typed as people say it and read only when its field is left: whoever ends the edit waits
 * for that, and stays when what was typed is no date.
 */
function useDated(
  box: RefObject<HTMLDivElement | null>,
  isDate: boolean,
  shown: unknown,
  finish: (then: Then) => void,
) {
  const text = useRef("");
  const waits = useRef<Then | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each value brings its own text
  useEffect(() => {
    text.current = box.current?.querySelector("input")?.value ?? "";
  }, [shown, box]);
  return {
    changed: () => {
      if (waits.current) finish(waits.current);
    },
    finish: (then: Then) => {
      const input = box.current?.querySelector("input");
      if (!isDate || !input || input.value === text.current) return finish(then);
      if (waits.current) return;
      waits.current = then;
      if (document.activeElement === input) input.blur();
      const until = Date.now() + READ_LIMIT;
      const look = () => {
        if (!box.current) return;
        if (input.getAttribute("aria-invalid") === "true" || Date.now() > until) {
          waits.current = null;
          input.focus();
        } else setTimeout(look, 30);
      };
      setTimeout(look, 30);
    },
  };
}

/** What a key asks of the editor; nothing when the field inside has its own use for it. */
function told(event: KeyboardEvent, col: Col): Then | "cancel" | null {
  const open =
    event.target instanceof HTMLElement && event.target.getAttribute("aria-expanded") === "true";
  if (event.key === "Tab") return withinNames(event) ? null : event.shiftKey ? "left" : "right";
  if (event.key === "Escape") return open && col.field.many ? "stay" : "cancel";
  if (event.key !== "Enter" || event.nativeEvent.isComposing || event.shiftKey) return null;
  if (open || ["json", "array"].includes(col.field.type)) return null;
  if (event.target instanceof HTMLButtonElement) return null;
  return "down";
}

/** Between first and last name Tab does what it always does. */
function withinNames(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  const { name } = event.target.dataset;
  return name === (event.shiftKey ? "last" : "first");
}

/** Focus that leaves for good, and not into a list the editor itself has opened, ends the edit. */
function useLeave(leave: () => void) {
  const within = useRef(true);
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  return {
    // Both bubble through portals: a list opened by the field counts as inside.
    onFocus: () => {
      within.current = true;
    },
    onBlur: () => {
      within.current = false;
      setTimeout(() => {
        if (!within.current && document.hasFocus()) latest.current();
      }, 30);
    },
  };
}

function InCell({ wide, children }: { wide: boolean; children: ReactNode }) {
  return (
    <div
      // The cell is the frame: the field inside needs none of its own.
      className="absolute inset-y-0 left-0 z-20 flex min-w-full items-center bg-bg px-1 shadow-[0_0_0_2px_var(--accent),0_6px_20px_oklch(0_0_0/0.12)] [&_:is(span,button,input)]:!shadow-none [&_:is(span,button,input)]:!outline-none"
      style={{ width: wide ? "max(100%, 220px)" : "100%" }}
    >
      {children}
    </div>
  );
}

/** Hangs from the corner of the cell, above it where there is no room below. */
function OverCell({ children }: { wide: boolean; children: ReactNode }) {
  const anchor = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number; width: number } | null>(null);
  useLayoutEffect(() => {
    const cell = anchor.current?.getBoundingClientRect();
    if (!cell) return;
    const width = Math.max(cell.width, 280);
    const height = box.current?.offsetHeight ?? 120;
    const left = Math.max(8, Math.min(cell.left, window.innerWidth - width - 8));
    const top =
      cell.top + height > window.innerHeight - 8 ? Math.max(8, cell.bottom - height) : cell.top;
    setPlace({ left, top, width });
  }, []);
  return (
    <>
      <div ref={anchor} className="absolute inset-0" />
      {createPortal(
        <div
          ref={box}
          className="fixed z-50 flex max-h-[60vh] overflow-auto rounded-card bg-raise p-2 shadow-pop"
          style={place ?? { left: -9999, top: 0, width: 280 }}
        >
          {children}
        </div>,
        document.body,
      )}
    </>
  );
}

function NamesInput({ value, onChange }: { value: Names; onChange: (value: Names) => void }) {
  const { t } = useLingui();
  return (
    <div className="grid grid-cols-2 gap-1.5">
      <Input
        dense
        autoFocus
        data-name="first"
        autoComplete="off"
        aria-label={t`First name`}
        placeholder={t`First name`}
        value={value.firstName}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onChange({ ...value, firstName: event.target.value })}
      />
      <Input
        dense
        autoComplete="off"
        aria-label={t`Last name`}
        placeholder={t`Last name`}
        value={value.lastName ?? ""}
        onChange={(event) => onChange({ ...value, lastName: event.target.value })}
        data-name="last"
      />
    </div>
  );
}
