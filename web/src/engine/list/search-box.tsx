/** Words that rows must hold. `/` goes there, Escape empties it and goes back to the rows. */
import { useLingui } from "@lingui/react/macro";
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useCommands } from "@/lib/keyboard";
import { Input } from "@/ui/field";

const REST = 150;

export function SearchBox({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (q: string) => void;
  label: string;
}) {
  const { t } = useLingui();
  const [draft, setDraft] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(value);
  // Changed from elsewhere: another view, filters cleared.
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setDraft(value);
    }
  }, [value]);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (draft === told.current) return;
    const timer = setTimeout(() => {
      told.current = draft;
      latest.current(draft);
    }, REST);
    return () => clearTimeout(timer);
  }, [draft]);
  useCommands([
    {
      id: "list.search",
      title: t`Search in the list`,
      group: t`List`,
      keys: "/",
      run: () => {
        input.current?.focus();
        input.current?.select();
      },
    },
  ]);
  return (
    <Input
      dense
      ref={input}
      type="text"
      inputMode="search"
      enterKeyHint="search"
      autoComplete="off"
      aria-label={label}
      placeholder={t`Search`}
      boxClassName="w-[200px] phone:w-auto phone:min-w-0 phone:grow"
      left={<Search size={14} />}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" && event.key !== "Enter" && event.key !== "ArrowDown") return;
        event.preventDefault();
        if (event.key === "Escape" && draft) setDraft("");
        else document.querySelector<HTMLElement>("main [data-scroller]")?.focus();
      }}
      right={
        draft !== "" && (
          <button
            type="button"
            aria-label={t`Clear the search`}
            onClick={() => {
              setDraft("");
              input.current?.focus();
            }}
            className="-mr-1 flex size-5 shrink-0 items-center justify-center rounded-tag text-faint hover:text-fg"
          >
            <X size={13} />
          </button>
        )
      }
    />
  );
}
