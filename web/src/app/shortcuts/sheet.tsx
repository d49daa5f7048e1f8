/** `?`: every key and what it does. */
import { useLingui } from "@lingui/react/macro";
import { Keyboard, Search } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { byGroup, matching, useListed } from "@/app/shortcuts/groups";
import { useSession } from "@/engine/session";
import { keysOf } from "@/lib/keyboard";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty";
import { Input } from "@/ui/field";
import { Kbd } from "@/ui/kbd";

export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useLingui();
  const { path } = useSession();
  const [words, setWords] = useState("");
  const listed = useListed().flatMap((command) => {
    const keys = keysOf(command);
    return keys ? [{ ...command, keys }] : [];
  });
  const groups = byGroup(matching(listed, words));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t`Keyboard shortcuts`} size="lg">
      <div className="flex items-center gap-3 pb-4 pt-0.5">
        <div className="grow">
          <Input
            autoFocus
            left={<Search size={15} aria-hidden />}
            value={words}
            aria-label={t`Find a shortcut`}
            placeholder={t`Find a shortcut`}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        <Link
          to={path("settings/shortcuts")}
          onClick={() => onOpenChange(false)}
          className="shrink-0 font-medium text-accent-text hover:underline phone:py-3"
        >
          {t`Change keys`}
        </Link>
      </div>
      {groups.length === 0 && (
        <EmptyState
          icon={Keyboard}
          title={t`No shortcut is called that`}
          body={t`Try another word.`}
        />
      )}
      <div className="gap-x-10 desk:columns-2">
        {groups.map(([group, commands]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="pb-1 text-12 font-medium text-faint">{group}</h3>
            <dl>
              {commands.map((command) => (
                <div
                  key={command.id}
                  className="flex min-h-8 items-center gap-3 border-b border-line/60 last:border-0"
                >
                  <dt className="min-w-0 grow truncate">{command.title}</dt>
                  <dd className="shrink-0">
                    <Kbd keys={command.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
