/**
 * Dates are typed as people say them and understood only when their field is left. Whoever saves by a
 * key while the cursor is still in such a field waits here until it has been read.
 */

import type { FocusEvent, FormEvent, ReactNode } from "react";
import type { Field } from "@/engine/definitions";

const typing = new WeakMap<HTMLInputElement, { was: string; typed: string }>();
const SLOT = "data-date-slot";
/** The reader of dates is loaded when it is first needed. */
const LIMIT = 4_000;
const POLL = 30;

/** Around the input of a field of whatever kind: those for dates are waited for. */
export function FieldSlot({
  field,
  children,
}: {
  field: Pick<Field, "type">;
  children: ReactNode;
}) {
  const dated = field.type === "date" || field.type === "datetime";
  return dated ? <DateSlot>{children}</DateSlot> : children;
}

/** Around every input for a date whose form is saved by keys. */
export function DateSlot({ children }: { children: ReactNode }) {
  const own = (event: FocusEvent | FormEvent): HTMLInputElement | null => {
    const { target, currentTarget } = event;
    // What the calendar over the page is told bubbles here too.
    return target instanceof HTMLInputElement && currentTarget.contains(target) ? target : null;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to the field inside
    <div
      {...{ [SLOT]: "" }}
      onFocus={(event) => {
        const input = own(event);
        if (input && !isPending(input)) typing.set(input, { was: input.value, typed: input.value });
      }}
      onInput={(event) => {
        const input = own(event);
        if (input) typing.set(input, { was: typing.get(input)?.was ?? "", typed: input.value });
      }}
    >
      {children}
    </div>
  );
}

function isPending(input: HTMLInputElement): boolean {
  const held = typing.get(input);
  return held !== undefined && held.typed !== held.was && input.value === held.typed;
}

/** True once every date below `root` is read, false when one cannot be understood. */
export async function datesRead(root: HTMLElement | null): Promise<boolean> {
  const inputs = [...(root?.querySelectorAll<HTMLInputElement>(`[${SLOT}] input`) ?? [])];
  if (!inputs.some(isPending)) return !inputs.some(isWrong);
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  const until = Date.now() + LIMIT;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const wrong = inputs.find((input) => isWrong(input) && input.isConnected);
    if (wrong) {
      wrong.focus();
      return false;
    }
    if (!inputs.some((input) => input.isConnected && isPending(input))) return true;
  }
  return false;
}

function isWrong(input: HTMLInputElement): boolean {
  return input.getAttribute("aria-invalid") === "true";
}
