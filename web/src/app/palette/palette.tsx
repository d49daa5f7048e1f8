/** Ctrl/Cmd+K: every command, every record, every account, from the keyboard. */
import { Dialog } from "@base-ui/react/dialog";
import { useLingui } from "@lingui/react/macro";
import { ArrowLeft, Search as SearchIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { Item, Section } from "@/app/palette/items";
import { Options, optionId } from "@/app/palette/options";
import { type Mode, useSections } from "@/app/palette/use-sections";
import { asProblem } from "@/lib/problem";
import { Kbd } from "@/ui/kbd";

/** `asked` counts how often it was asked for: each new count opens it, or closes it when it is open. */
export function Palette({ asked }: { asked: number }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const [answered, setAnswered] = useState(0);
  if (asked !== answered) {
    setAnswered(asked);
    setOpen(!open);
  }
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/30 transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 dark:bg-black/50" />
        <Dialog.Popup
          aria-label={t`Search and commands`}
          className="fixed left-1/2 top-[14vh] z-50 flex w-[min(600px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-hidden rounded-panel bg-raise shadow-panel outline-none transition duration-100 ease-out data-[ending-style]:scale-[.985] data-[ending-style]:opacity-0 data-[starting-style]:scale-[.985] data-[starting-style]:opacity-0 phone:inset-0 phone:h-dvh phone:w-full phone:translate-x-0 phone:rounded-none"
        >
          <Body onClose={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Body({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const list = useId();
  const [query, setQuery] = useState("");
  const [mode, setMode] = useState<Mode>("all");
  const enter = (next: Mode) => {
    setMode(next);
    setQuery("");
  };
  const { sections, search, strong } = useSections(query, mode, true, enter);
  const cursor = useCursor(sections, `${mode}|${query}`);
  const run = useRun(onClose);
  const submit = useSubmit(cursor.item, search.pending && !strong, run);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Backspace" && query === "" && mode !== "all") enter("all");
    else if (event.key === "Enter") submit(event.metaKey || event.ctrlKey);
    else if (!cursor.move(event.key)) return;
    event.preventDefault();
  };
  const placeholder =
    mode === "accounts" ? t`Switch to which account?` : t`Search records and commands…`;
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4 phone:h-14 phone:px-2 phone:pt-[env(safe-area-inset-top)]">
        <SearchIcon size={16} aria-hidden className="shrink-0 text-faint phone:hidden" />
        <Dialog.Close
          aria-label={t`Close`}
          className="hidden size-11 shrink-0 items-center justify-center text-muted phone:flex"
        >
          <ArrowLeft size={19} aria-hidden />
        </Dialog.Close>
        <input
          // biome-ignore lint/a11y/noAutofocus: typing is all this dialog is for
          autoFocus
          role="combobox"
          aria-expanded={sections.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={cursor.item ? optionId(list, cursor.item.id) : undefined}
          aria-label={placeholder}
          placeholder={placeholder}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={200}
          className="h-full min-w-0 grow bg-transparent text-14 outline-none phone:text-[16px]"
        />
        <span className="phone:hidden">
          <Kbd keys="escape" />
        </span>
      </div>
      <Options
        id={list}
        sections={sections}
        active={cursor.item?.id ?? null}
        onActive={cursor.set}
        onRun={run}
      />
      <Notice query={query} empty={sections.length === 0} search={search} />
      <Footer item={cursor.item} />
    </>
  );
}

type Cursor = {
  item: Item | null;
  set: (id: string) => void;
  /** False when the key moves nothing. */
  move: (key: string) => boolean;
};

/** At the first item until it is moved; then on its item for as long as that is there. */
function useCursor(sections: readonly Section[], subject: string): Cursor {
  const items = useMemo(() => sections.flatMap((section) => section.items), [sections]);
  const [held, setHeld] = useState<{ subject: string; id: string } | null>(null);
  const at = held?.subject === subject ? items.findIndex((item) => item.id === held.id) : -1;
  const item = items[Math.max(0, at)] ?? null;
  const put = (index: number) => {
    const next = items[(index + items.length) % Math.max(1, items.length)];
    if (next) setHeld({ subject, id: next.id });
  };
  const move = (key: string) => {
    const from = Math.max(0, at);
    const steps: Record<string, number> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: Math.min(from + 8, items.length - 1),
      PageUp: Math.max(from - 8, 0),
      Home: 0,
      End: items.length - 1,
    };
    const to = steps[key];
    if (to === undefined) return false;
    put(to);
    return true;
  };
  return { item, set: (id) => setHeld({ subject, id }), move };
}

function useRun(onClose: () => void): (item: Item, newTab: boolean) => void {
  const navigate = useNavigate();
  return (item, newTab) => {
    if (item.stays) {
      item.run?.();
      return;
    }
    if (newTab && item.to) {
      window.open(item.to, "_blank", "noopener");
      return;
    }
    onClose();
    if (item.to) void navigate(item.to);
    // Once the palette is gone: what runs may open a dialog of its own and take the focus.
    else setTimeout(() => item.run?.(), 0);
  };
}

/** Enter. While the records that will come first are on their way, it waits for them. */
function useSubmit(
  item: Item | null,
  wait: boolean,
  run: (item: Item, newTab: boolean) => void,
): (newTab: boolean) => void {
  const queued = useRef<{ newTab: boolean } | null>(null);
  useEffect(() => {
    const { current } = queued;
    if (!current || wait) return;
    queued.current = null;
    if (item) run(item, current.newTab);
  });
  return (newTab) => {
    if (wait) queued.current = { newTab };
    else if (item) run(item, newTab);
  };
}

function Notice({
  query,
  empty,
  search,
}: {
  query: string;
  empty: boolean;
  search: ReturnType<typeof useSections>["search"];
}) {
  const { t } = useLingui();
  const failed = search.error !== null;
  const nothing = empty && !search.pending && !failed;
  return (
    <div role="status" className="empty:hidden">
      {failed && (
        <p className="flex items-center gap-2 border-t border-line px-4 py-2 text-12 text-danger">
          <span className="grow">
            {t`Records could not be searched.`} {asProblem(search.error).message}
          </span>
          <button
            type="button"
            onClick={search.retry}
            className="font-medium underline underline-offset-2 phone:h-11"
          >
            {t`Try again`}
          </button>
        </p>
      )}
      {nothing && (
        <div className="px-4 py-10 text-center">
          <p className="font-medium">{t`Nothing matches “${query.trim()}”`}</p>
          <p className="text-muted">{t`Try the start of a name, an email address or a phone number.`}</p>
        </div>
      )}
    </div>
  );
}

function Footer({ item }: { item: Item | null }) {
  const { t } = useLingui();
  return (
    <div
      aria-hidden
      className="flex h-9 shrink-0 items-center gap-4 border-t border-line bg-side px-4 text-11 text-faint phone:hidden"
    >
      <Hint keys="arrowup arrowdown" text={t`to move`} />
      <Hint keys="enter" text={t`to open`} />
      {item?.to && <Hint keys="mod+enter" text={t`in a new tab`} />}
    </div>
  );
}

function Hint({ keys, text }: { keys: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Kbd keys={keys} /> {text}
    </span>
  );
}
