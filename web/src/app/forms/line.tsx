/** One labeled line of a form, its faults under it. */
import { useStore } from "@tanstack/react-form";
import type { ComponentProps, ComponentType, ReactNode } from "react";
import { ErrorNote } from "@/app/forms/notes";
import type { ServerForm } from "@/app/forms/server-form";
import { Field } from "@/ui/field";

type Bound = {
  state: { value: unknown; meta: { errors: unknown[] } };
  handleChange: (value: unknown) => void;
  handleBlur: () => void;
};

type Wiring = Parameters<ComponentProps<typeof Field>["children"]>[0];

/** What a control takes: `native` spread on an input, `wiring`, `value` and `set` on anything else. */
export type LineInput = {
  wiring: Wiring;
  value: string;
  set: (value: string) => void;
  native: Wiring & {
    name: string;
    value: string;
    onBlur: () => void;
    onChange: (event: { target: { value: string } }) => void;
  };
};

type Values = Record<string, unknown>;

export function Line<T extends Values>({
  of,
  name,
  label,
  hint,
  required,
  className,
  children,
}: {
  of: ServerForm<T>;
  name: keyof T & string;
  label: string;
  hint?: ReactNode | undefined;
  required?: boolean;
  className?: string;
  children: (input: LineInput) => ReactNode;
}) {
  // The library types each name by its path; behind a generic form the compiler cannot follow it.
  const Bind = of.form.Field as unknown as ComponentType<{
    name: string;
    children: (field: Bound) => ReactNode;
  }>;
  return (
    <Bind name={name}>
      {(field) => {
        const error = of.said.fields[name] ?? messageOf(field.state.meta.errors[0]);
        const value = String(field.state.value ?? "");
        const set = (next: string) => {
          of.forget(name);
          field.handleChange(next);
        };
        const handlers = {
          name,
          value,
          onBlur: field.handleBlur,
          onChange: (event: { target: { value: string } }) => set(event.target.value),
        };
        return (
          <Field
            label={label}
            hint={hint}
            error={error}
            required={required}
            {...(className ? { className } : {})}
          >
            {(wiring) => children({ wiring, value, set, native: { ...wiring, ...handlers } })}
          </Field>
        );
      }}
    </Bind>
  );
}

function messageOf(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return undefined;
}

/** What the server said that belongs to no field. */
export function FormProblem<T extends Values>({ of }: { of: ServerForm<T> }) {
  return of.said.rest ? <ErrorNote problem={of.said.rest} /> : null;
}

/** Whether the form is at work, and whether it differs from what it started with. */
export function useFormState<T extends Values>(
  of: ServerForm<T>,
): {
  busy: boolean;
  dirty: boolean;
} {
  const busy = useStore(of.form.store, (state) => state.isSubmitting);
  const dirty = useStore(of.form.store, (state) => !state.isDefaultValue);
  return { busy, dirty };
}
