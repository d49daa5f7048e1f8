/**
 * A form whose answers the server has the last word on: checked here first, then sent; what the server
 * complains of appears under the field it names.
 */
import { useForm } from "@tanstack/react-form";
import { useState } from "react";
import type { z } from "zod";
import { asProblem, type Problem } from "@/lib/problem";

type Values = Record<string, unknown>;

export type FormOptions<T extends Values> = {
  defaults: T;
  check?: z.ZodType<unknown, T>;
  /** Sends the values. A `Problem` thrown here is shown by the form. */
  save: (values: T) => Promise<void>;
  /** Complaints about fields that go under another name here. */
  rename?: Record<string, string>;
};

/** Complaints by field, and the one that belongs to none. */
export type Complaints = { fields: Record<string, string>; rest: Problem | null };

const NONE: Complaints = { fields: {}, rest: null };

/** Sorts a refusal into fields the form has and what is left to say above the button. */
export function complaintsOf(
  problem: Problem,
  names: readonly string[],
  rename: Record<string, string> = {},
): Complaints {
  const known = problem.fields.map((each) => ({ ...each, path: rename[each.path] ?? each.path }));
  const fields = Object.fromEntries(
    known.filter((each) => names.includes(each.path)).map((each) => [each.path, each.message]),
  );
  const covered = known.length > 0 && known.every((each) => names.includes(each.path));
  return { fields, rest: covered ? null : problem };
}

export function useServerForm<T extends Values>({ defaults, check, save, rename }: FormOptions<T>) {
  const [said, setSaid] = useState<Complaints>(NONE);
  const form = useForm({
    defaultValues: defaults,
    // The server's complaints are ours, not the form's: nothing it holds may keep a second try back.
    canSubmitWhenInvalid: true,
    ...(check ? { validators: { onSubmit: check } } : {}),
    onSubmit: async ({ value }) => {
      setSaid(NONE);
      try {
        await save(value);
      } catch (thrown) {
        setSaid(complaintsOf(asProblem(thrown), Object.keys(defaults), rename));
      }
    },
    onSubmitInvalid: () => focusFirstFault(),
  });
  const forget = (name: string) =>
    setSaid((former) => {
      if (!(name in former.fields) && !former.rest) return former;
      const { [name]: _, ...fields } = former.fields;
      return { fields, rest: null };
    });
  const submit = (event?: { preventDefault: () => void }) => {
    event?.preventDefault();
    void form.handleSubmit();
  };
  return { form, said, forget, submit };
}

export type ServerForm<T extends Values> = ReturnType<typeof useServerForm<T>>;

/** Where the keyboard should be after a refused submit: at the first field with a fault. */
function focusFirstFault(): void {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>("form [aria-invalid=true]");
    first?.focus();
  });
}
