/** The filter of a raw list: as JSON, or built by hand where it can be. */
import { useLingui } from "@lingui/react/macro";
import { Braces, ListFilter, X } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { filterOfWhere, parseWhere } from "@/app/admin/where-json";
import type { Definition } from "@/engine/definitions";
import { FilterBuilder } from "@/engine/list/filter-builder";
import { countTests, EMPTY, type Filter, whereOf } from "@/engine/where";
import { Button, IconButton } from "@/ui/button";
import { Input } from "@/ui/field";
import { Popover } from "@/ui/popover";

type Props = { definition: Definition; text: string; onChange: (text: string) => void };

export function WhereBar({ definition, text, onChange }: Props) {
  const { t } = useLingui();
  const [draft, setDraft] = useState(text);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    setDraft(text);
    setWrong(!isWhere(text));
  }, [text]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!isWhere(draft));
    if (isWhere(draft)) onChange(draft.trim());
  };
  return (
    <>
      <form onSubmit={submit} className="w-[min(420px,100%)] min-w-0 phone:w-full">
        <Input
          dense
          spellCheck={false}
          className="font-mono text-12"
          left={<Braces size={14} aria-hidden />}
          aria-label={t`Filter as JSON`}
          aria-invalid={wrong}
          aria-describedby={wrong ? "where-fault" : undefined}
          placeholder='{"name": {"like": "ana"}}'
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
            setWrong(false);
          }}
          right={
            draft && (
              <IconButton
                size="sm"
                bare
                label={t`Clear the filter`}
                onClick={() => {
                  setDraft("");
                  onChange("");
                }}
              >
                <X size={13} />
              </IconButton>
            )
          }
        />
      </form>
      {wrong && (
        <span id="where-fault" role="alert" className="text-12 text-danger">
          {t`This is no JSON object.`}
        </span>
      )}
      <Builder definition={definition} text={text} onChange={onChange} />
    </>
  );
}

function isWhere(text: string): boolean {
  try {
    parseWhere(text);
    return true;
  } catch {
    return false;
  }
}

function Builder({ definition, text, onChange }: Props) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const filter = drawn(text);
  const tests = filter ? countTests(filter) : 0;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t`Filter`}
      className="p-3"
      trigger={
        <Button
          disabled={!filter}
          title={filter ? undefined : t`This filter can only be edited as JSON.`}
          icon={<ListFilter size={14} aria-hidden />}
        >
          {tests > 0 ? t`Filter (${tests})` : t`Filter`}
        </Button>
      }
    >
      <FilterBuilder
        definition={definition}
        filter={filter ?? EMPTY}
        onChange={(next) => {
          const where = whereOf(next);
          onChange(where ? JSON.stringify(where) : "");
        }}
      />
    </Popover>
  );
}

function drawn(text: string): Filter | null {
  try {
    const where = parseWhere(text);
    return where ? filterOfWhere(where) : EMPTY;
  } catch {
    return null;
  }
}
