/** A field being edited in its place: Enter keeps, Tab keeps and goes on, Escape leaves it as it was. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Field } from "@/engine/definitions";
import { FieldInput } from "@/engine/fields/field";
import { useLeave } from "@/engine/record/fields/use-leave";
import { datesRead, FieldSlot } from "@/engine/record/typed-dates";
import { label } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";

export type Then = "stay" | "next" | "previous" | "away";

/** Editors of several lines or parts: Enter and Tab are theirs. */
const LARGE = new Set(["textarea", "json", "group", "address", "array"]);

type Props = {
  field: Field;
  value: unknown;
  /** Says what was wrong with it the last time. */
  invalid: boolean;
  describedBy?: string | undefined;
  onCommit: (value: unknown, then: Then) => void;
  onCancel: () => void;
};

export function FieldEditor({ field, value, invalid, describedBy, onCommit, onCancel }: Props) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(value);
  const [shown, setShown] = useState(value);
  const over = useRef(false);
  const busy = useRef(false);
  const large = LARGE.has(field.type);
  const change = (next: unknown) => {
    latest.current = next;
    setShown(next);
  };
  const finish = async (then: Then) => {
    // The first who asks decides where one goes next: reading a date takes the focus away, too.
    if (over.current || busy.current) return;
    busy.current = true;
    const read = await datesRead(box.current);
    busy.current = false;
    if (!read || over.current) return;
    over.current = true;
    onCommit(latest.current, then);
  };
  const leaving = useLeave(() => void finish("away"));
  const cancel = () => {
    over.current = true;
    onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const asked = askedBy(event, field, large);
    if (!asked) return;
    event.preventDefault();
    if (asked === "cancel") cancel();
    else void finish(asked);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field inside
    <div ref={box} className="min-w-0 grow" onKeyDown={onKeyDown} {...leaving}>
      <FieldSlot field={field}>
        <FieldInput
          field={field}
          value={shown}
          onChange={change}
          onDone={() => void finish("stay")}
          autoFocus
          dense
          invalid={invalid}
          aria-label={label(field.label)}
          {...(describedBy ? { "aria-describedby": describedBy } : {})}
        />
      </FieldSlot>
      {large && (
        <div className="mt-1.5 flex items-center gap-1.5">
          <Button size="sm" variant="primary" onClick={() => void finish("stay")}>
            {t`Save`}
          </Button>
          <Button size="sm" variant="ghost" onClick={cancel}>
            {t`Cancel`}
          </Button>
          <Kbd keys="mod+enter" className="ml-auto phone:hidden" />
        </div>
      )}
    </div>
  );
}

/** What a key asks for; nothing when the input inside has its own use for it. */
function askedBy(event: KeyboardEvent, field: Field, large: boolean): Then | "cancel" | null {
  const { target, key } = event;
  if (event.nativeEvent.isComposing) return null;
  const open = target instanceof HTMLElement && target.getAttribute("aria-expanded") === "true";
  if (key === "Escape") return open && field.many ? "stay" : "cancel";
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) return "stay";
  if (large) return null;
  if (key === "Tab") return event.shiftKey ? "previous" : "next";
  if (key !== "Enter" || open || target instanceof HTMLButtonElement) return null;
  return "stay";
}
