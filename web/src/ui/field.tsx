/** Labels, hints and errors around inputs, and the inputs for text. */
import { useLingui } from "@lingui/react/macro";
import { Eye, EyeOff } from "lucide-react";
import {
  type ComponentProps,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "@/lib/cx";

type Wiring = {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
};

export function Field({
  label,
  hint,
  error,
  required,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  required?: boolean | undefined;
  className?: string;
  /** Given what wires the control to its label and its messages. */
  children: (wiring: Wiring) => ReactNode;
}) {
  const id = useId();
  const said = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  const wiring: Wiring = {
    id,
    ...(said ? { "aria-describedby": said } : {}),
    ...(error ? { "aria-invalid": true } : {}),
    ...(required ? { "aria-required": true } : {}),
  };
  return (
    <div className={cx("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className="text-12 font-medium text-muted">
        {label}
        {required && (
          <span className="text-danger" aria-hidden>
            {" "}
            *
          </span>
        )}
      </label>
      {children(wiring)}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-12 text-danger">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="text-12 text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

const BOX =
  "flex w-full items-center gap-2 rounded-control bg-raise shadow-control focus-within:shadow-[0_0_0_2px_var(--accent)] has-[[aria-invalid=true]]:shadow-[0_0_0_1.5px_var(--danger)]";
const BARE = "min-w-0 grow bg-transparent outline-none disabled:opacity-60 phone:text-[16px]";

export type InputProps = Omit<ComponentProps<"input">, "size"> & {
  dense?: boolean | undefined;
  left?: ReactNode;
  right?: ReactNode;
  boxClassName?: string;
};

export function Input({ dense, left, right, className, boxClassName, ...rest }: InputProps) {
  return (
    <span className={cx(BOX, dense ? "h-7 px-2" : "h-9 px-2.5", "coarse:min-h-11", boxClassName)}>
      {left && <span className="shrink-0 text-faint">{left}</span>}
      <input {...rest} className={cx(BARE, className)} />
      {right}
    </span>
  );
}

export type TextareaProps = ComponentProps<"textarea"> & { autoGrow?: boolean };

export function Textarea({ autoGrow, className, rows = 3, ...rest }: TextareaProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const area = ref.current;
    if (!autoGrow || !area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 480)}px`;
  });
  return (
    <span className={cx(BOX, "items-stretch")}>
      <textarea
        ref={ref}
        rows={rows}
        {...rest}
        className={cx(BARE, "resize-none px-2.5 py-2 leading-5", className)}
      />
    </span>
  );
}

export function NumberInput({
  value,
  onChange,
  ...rest
}: Omit<InputProps, "value" | "onChange"> & {
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  return (
    <Input
      {...rest}
      type="number"
      inputMode="decimal"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
    />
  );
}

export function PasswordInput(props: InputProps) {
  const { t } = useLingui();
  const [shown, setShown] = useState(false);
  return (
    <Input
      {...props}
      type={shown ? "text" : "password"}
      right={
        <button
          type="button"
          aria-label={shown ? t`Hide password` : t`Show password`}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="-mr-1 inline-flex size-7 shrink-0 items-center justify-center rounded-tag text-faint hover:text-fg"
        >
          {shown ? <EyeOff size={15} /> : <Eye size={15} />}
        </button>
      }
    />
  );
}
