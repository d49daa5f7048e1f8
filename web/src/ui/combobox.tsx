/** One or several of many, found by typing; what is not there can be made. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { useLingui } from "@lingui/react/macro";
import { Check, ChevronDown, Plus, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { Avatar } from "@/ui/avatar";
import { StatusTag } from "@/ui/badge";
import { POPUP } from "@/ui/popup";
import { Spinner } from "@/ui/progress";

export type ComboboxOption = {
  value: string;
  label: string;
  detail?: string;
  hue?: number;
  avatar?: boolean;
};

type Common = {
  /** Finds options by what was typed; without it `options` are filtered here. */
  load?: (words: string) => Promise<ComboboxOption[]>;
  options?: readonly ComboboxOption[];
  /** Options that are chosen but may not be among the found ones: their labels. */
  known?: readonly ComboboxOption[];
  onCreate?: (text: string) => void;
  placeholder?: string;
  clearable?: boolean;
  dense?: boolean;
  id?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  "aria-label"?: string;
  "aria-describedby"?: string;
};

export type ComboboxProps = Common &
  (
    | { multiple?: false; value: string | null; onChange: (value: string | null) => void }
    | { multiple: true; value: readonly string[]; onChange: (value: string[]) => void }
  );

const CREATE = "\u0000create";
const DELAY = 150;

export function Combobox(props: ComboboxProps) {
  const { t } = useLingui();
  const { multiple, value, known = [], options, onCreate, dense, clearable } = props;
  const [words, setWords] = useState("");
  // In a cell the list is what one came for.
  const [open, setOpen] = useState(props.dense === true && props.autoFocus === true);
  const { found, busy } = useFound(props.load, options, words, open);
  // Labels of whatever was ever seen here, for what is chosen.
  const seen = useRef(new Map<string, ComboboxOption>());
  for (const each of [...known, ...(options ?? []), ...found])
    if (each.label) seen.current.set(each.value, each);
  // biome-ignore lint/correctness/useExhaustiveDependencies: known and found are what `seen` is filled from
  const chosen = useMemo(() => {
    const ids = multiple ? value : value === null ? [] : [value];
    return ids.map((id) => seen.current.get(id) ?? { value: id, label: id });
  }, [multiple, value, known, found]);
  const wanted = words.trim();
  const single = multiple ? "" : (chosen[0]?.label ?? "");
  const typed = wanted !== "" && wanted !== single;
  const fresh =
    onCreate && typed && !found.some((each) => each.label.toLowerCase() === wanted.toLowerCase());
  const items = fresh ? [...found, { value: CREATE, label: wanted }] : [...found];
  const choose = (next: ComboboxOption | ComboboxOption[] | null) => {
    const list = Array.isArray(next) ? next : next ? [next] : [];
    if (list.some((each) => each.value === CREATE)) return onCreate?.(wanted);
    if (multiple) return props.onChange(list.map((each) => each.value));
    return props.onChange(list[0]?.value ?? null);
  };
  return (
    <Base.Root
      items={items}
      filter={null}
      multiple={multiple ?? false}
      // biome-ignore lint/suspicious/noExplicitAny: Base UI types one and many apart, we choose at run time
      value={(multiple ? chosen : (chosen[0] ?? null)) as any}
      // biome-ignore lint/suspicious/noExplicitAny: see above
      onValueChange={(next: any, details) => {
        // Escape leaves what is around the field; it must not empty the field on the way.
        if (details.reason === "escape-key") {
          details.allowPropagation();
          details.cancel();
        } else choose(next);
      }}
      inputValue={open || multiple ? words : single}
      onInputValueChange={(next) => setWords(next)}
      open={open}
      onOpenChange={(next, details) => {
        setOpen(next);
        // Opened by typing: what was typed is the first of the words.
        if (details.reason === "input-change") return;
        if (next || multiple) setWords("");
      }}
      isItemEqualToValue={(one: ComboboxOption, other: ComboboxOption) => one.value === other.value}
      itemToStringLabel={(item: ComboboxOption) => item.label}
      autoHighlight
      disabled={props.disabled ?? false}
    >
      <span
        className={cx(
          "flex w-full min-w-0 items-center gap-1.5 rounded-control bg-raise shadow-control focus-within:shadow-[0_0_0_2px_var(--accent)]",
          dense ? "min-h-7 px-2" : "min-h-9 px-2.5",
          "coarse:min-h-11",
        )}
      >
        <span className="flex min-w-0 grow flex-wrap items-center gap-1 py-0.5">
          {multiple &&
            chosen.map((each) => (
              <span
                key={each.value}
                className="inline-flex h-5 items-center gap-1 rounded-tag bg-hover pl-1.5 pr-0.5 text-12"
              >
                {each.label}
                <button
                  type="button"
                  tabIndex={-1}
                  aria-label={t`Remove ${each.label}`}
                  className="inline-flex size-4 items-center justify-center rounded-[3px] text-faint hover:text-fg"
                  onClick={() => props.onChange(value.filter((id) => id !== each.value))}
                >
                  <X size={11} />
                </button>
              </span>
            ))}
          <Base.Input
            {...(props.id ? { id: props.id } : {})}
            {...(props.autoFocus ? { autoFocus: true } : {})}
            aria-label={props["aria-label"]}
            aria-describedby={props["aria-describedby"]}
            placeholder={
              chosen.length === 0 || !multiple
                ? open && single
                  ? single
                  : (props.placeholder ?? t`Search…`)
                : ""
            }
            className="min-w-12 grow bg-transparent outline-none phone:text-[16px]"
          />
        </span>
        {clearable && !multiple && chosen.length > 0 && (
          <Base.Clear
            aria-label={t`Clear`}
            className="inline-flex size-5 shrink-0 items-center justify-center rounded-tag text-faint hover:text-fg"
          >
            <X size={13} />
          </Base.Clear>
        )}
        <Base.Trigger
          aria-label={t`Open the list`}
          tabIndex={-1}
          className="inline-flex size-5 shrink-0 items-center justify-center text-faint"
        >
          <ChevronDown size={14} />
        </Base.Trigger>
      </span>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup
            className={cx(
              POPUP,
              "max-h-[min(var(--available-height),320px)] w-[max(var(--anchor-width),260px)] overflow-y-auto p-1",
            )}
          >
            <Base.Status className="empty:hidden">
              {busy && (
                <span className="flex h-8 items-center gap-2 px-2 text-muted">
                  <Spinner size={14} /> {t`Searching…`}
                </span>
              )}
            </Base.Status>
            {!busy && items.length === 0 && (
              <p className="px-2 py-1.5 text-muted">{t`Nothing found.`}</p>
            )}
            <Base.List>{(item: ComboboxOption) => <Row key={item.value} item={item} />}</Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Row({ item }: { item: ComboboxOption }) {
  const { t } = useLingui();
  const className =
    "flex min-h-8 cursor-default select-none items-center gap-2 rounded-[6px] px-2 py-1 outline-none data-[highlighted]:bg-hover dark:data-[highlighted]:bg-active coarse:min-h-11";
  if (item.value === CREATE) {
    return (
      <Base.Item value={item} className={className}>
        <Plus size={14} className="text-muted" />
        <span className="truncate">{t`Create “${item.label}”`}</span>
      </Base.Item>
    );
  }
  return (
    <Base.Item value={item} className={className}>
      {item.avatar && <Avatar name={item.label} size={20} />}
      {item.hue !== undefined ? (
        <StatusTag label={item.label} hue={item.hue} />
      ) : (
        <span className={cx("truncate", item.detail ? "max-w-[75%] shrink-0" : "min-w-0")}>
          {item.label}
        </span>
      )}
      {item.detail && (
        <span className="min-w-0 grow truncate text-12 text-muted">{item.detail}</span>
      )}
      <Base.ItemIndicator className="ml-auto shrink-0">
        <Check size={14} />
      </Base.ItemIndicator>
    </Base.Item>
  );
}

/** What fits, a moment after typing ends; former answers stay until the next are there. */
function useFound(
  load: Common["load"],
  options: readonly ComboboxOption[] | undefined,
  words: string,
  open: boolean,
): { found: readonly ComboboxOption[]; busy: boolean } {
  const [state, setState] = useState<{ found: ComboboxOption[]; busy: boolean }>({
    found: [],
    busy: false,
  });
  const loader = useRef(load);
  loader.current = load;
  const remote = load !== undefined;
  useEffect(() => {
    if (!remote || !open) return;
    let live = true;
    setState((former) => ({ ...former, busy: former.found.length === 0 }));
    const timer = setTimeout(
      async () => {
        try {
          const found = (await loader.current?.(words)) ?? [];
          if (live) setState({ found, busy: false });
        } catch {
          if (live) setState({ found: [], busy: false });
        }
      },
      words === "" ? 0 : DELAY,
    );
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [remote, words, open]);
  return useMemo(() => {
    if (remote) return state;
    const wanted = words.trim().toLowerCase();
    const found = (options ?? []).filter((each) => each.label.toLowerCase().includes(wanted));
    return { found, busy: false };
  }, [remote, state, options, words]);
}
