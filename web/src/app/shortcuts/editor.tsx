/** Other keys for commands: press them to bind them. */
import { useLingui } from "@lingui/react/macro";
import { Keyboard, RotateCcw, Search } from "lucide-react";
import { useState } from "react";
import { bind, conflictsOf } from "@/app/shortcuts/conflicts";
import { byGroup, type Listed, matching, useListed } from "@/app/shortcuts/groups";
import { KeyRecorder } from "@/app/shortcuts/recorder";
import { usePreferences } from "@/engine/preferences";
import { Button, IconButton } from "@/ui/button";
import { EmptyState } from "@/ui/empty";
import { Input } from "@/ui/field";

type Row = Listed & { standard: string; changed: boolean };

export function ShortcutEditor() {
  const { t } = useLingui();
  const [preferences, setPreferences] = usePreferences();
  const [words, setWords] = useState("");
  const listed = useListed();
  const bindings = preferences.shortcuts ?? {};
  const rows: Row[] = listed.map((command) => {
    const standard = command.keys ?? "";
    const keys = bindings[command.id] ?? standard;
    return { ...command, keys, standard, changed: keys !== standard };
  });
  const save = (row: Row, keys: string) => {
    const standard = { id: row.id, keys: row.standard };
    setPreferences({ shortcuts: bind(bindings, standard, keys) });
  };
  const groups = byGroup(matching(rows, words));
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-3">
        <div className="max-w-80 grow">
          <Input
            left={<Search size={15} aria-hidden />}
            value={words}
            aria-label={t`Find a command`}
            placeholder={t`Find a command or a key`}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        <span className="grow" />
        {Object.keys(bindings).length > 0 && (
          <Button icon={<RotateCcw size={15} />} onClick={() => setPreferences({ shortcuts: {} })}>
            {t`Reset all`}
          </Button>
        )}
      </div>
      {groups.length === 0 && (
        <EmptyState
          icon={Keyboard}
          title={t`No command is called that`}
          body={t`Try another word.`}
        />
      )}
      {groups.map(([group, commands]) => (
        <section key={group}>
          <h3 className="pb-1.5 text-12 font-medium text-faint">{group}</h3>
          <ul className="rounded-card shadow-ring">
            {commands.map((row) => (
              <EditorRow key={row.id} row={row} all={rows} onSave={(keys) => save(row, keys)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function EditorRow({
  row,
  all,
  onSave,
}: {
  row: Row;
  all: readonly Row[];
  onSave: (keys: string) => void;
}) {
  const { t } = useLingui();
  // Keys that pages share from the start never meet: only what was changed may stand in the way.
  const clashes = conflictsOf(row.id, row.keys ?? "", all).filter(
    (each) => row.changed || all.some((other) => other.id === each.id && other.changed),
  );
  const others = clashes.map((each) => each.title).join(", ");
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 border-b border-line px-3 py-1.5 last:border-0">
      <span className="min-w-0 grow basis-40 truncate">{row.title}</span>
      <KeyRecorder title={row.title} keys={row.keys ?? ""} onRecord={onSave} />
      <span className="w-7 phone:w-11">
        {row.changed && (
          <IconButton
            label={t`Back to the standard key: ${row.title}`}
            onClick={() => onSave(row.standard)}
          >
            <RotateCcw size={14} />
          </IconButton>
        )}
      </span>
      {clashes.length > 0 && (
        <p role="status" className="basis-full text-12 text-warn">
          {t`Also the key of: ${others}. Where both apply, the page’s own wins.`}
        </p>
      )}
    </li>
  );
}
