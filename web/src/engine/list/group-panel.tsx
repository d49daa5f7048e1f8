/** By which field a list is grouped; days and instants by stretches of time. */
import { useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import { useState } from "react";
import type { Definition } from "@/engine/definitions";
import { type Bucket, groupable, isDated, readGroup, writeGroup } from "@/engine/list/groups";
import type { ChangeView, ViewState } from "@/engine/view-state";
import { cx } from "@/lib/cx";
import { Input } from "@/ui/field";
import { Segmented } from "@/ui/segmented";

type Props = { definition: Definition; state: ViewState; change: ChangeView };

export function GroupPanel({ definition, state, change }: Props) {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const by = readGroup(definition, state.group);
  const fields = groupable(definition).filter((each) =>
    each.label.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const buckets: { value: Bucket; label: string }[] = [
    { value: "day", label: t`Day` },
    { value: "week", label: t`Week` },
    { value: "month", label: t`Month` },
    { value: "quarter", label: t`Quarter` },
    { value: "year", label: t`Year` },
  ];
  const choices = [{ path: "", label: t`No groups` }, ...fields];
  return (
    <div className="grid w-[300px] max-w-full gap-1.5 phone:w-full">
      <Input
        dense
        autoFocus
        placeholder={t`Find a field`}
        aria-label={t`Find a field`}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div
        role="radiogroup"
        aria-label={t`Group by`}
        className="max-h-[min(48vh,360px)] overflow-y-auto"
      >
        {choices.map(({ path, label }) => {
          const chosen = (by?.path ?? "") === path;
          return (
            <button
              key={path}
              type="button"
              role="radio"
              aria-checked={chosen}
              onClick={() => {
                const next = readGroup(definition, path);
                change({ group: next ? writeGroup(next) : null });
              }}
              className={cx(
                "flex h-8 w-full items-center gap-2 rounded-[6px] px-2 text-left hover:bg-hover coarse:min-h-11",
                path === "" && "text-muted",
              )}
            >
              <span className="min-w-0 grow truncate">{label}</span>
              {chosen && <Check size={14} aria-hidden />}
            </button>
          );
        })}
      </div>
      {by && isDated(by.field) && (
        <div className="border-t border-line pt-2">
          <Segmented
            size="sm"
            label={t`By`}
            value={by.bucket ?? "month"}
            options={buckets}
            onChange={(bucket) => change({ group: writeGroup({ path: by.path, bucket }) })}
          />
        </div>
      )}
    </div>
  );
}
