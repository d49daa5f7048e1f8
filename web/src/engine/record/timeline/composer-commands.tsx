/** Keys that begin an entry from anywhere on the record. */
import { useLingui } from "@lingui/react/macro";
import type { Definition, Doc } from "@/engine/definitions";
import { draftKey, useWritableKinds } from "@/engine/record/timeline/composer";
import { askComposer } from "@/engine/record/timeline/composer-ask";
import { iconOf, type LogKind } from "@/engine/record/timeline/kinds";
import { useCommands } from "@/lib/keyboard";

const KEYS: Record<LogKind, string> = {
  note: "n",
  call: "l",
  email: "shift+e",
  meeting: "m",
  task: "t",
};

export function ComposerCommands({
  definition,
  doc,
  over,
  onShow,
}: {
  definition: Definition;
  doc: Doc;
  /** In a panel over the page. */
  over: boolean;
  onShow: () => void;
}) {
  const { t } = useLingui();
  const titles: Record<LogKind, string> = {
    note: t`Write a note`,
    call: t`Log a call`,
    email: t`Log an email`,
    meeting: t`Log a meeting`,
    task: t`Add a task`,
  };
  useCommands(
    useWritableKinds().map((kind) => ({
      id: `record.${kind}`,
      title: titles[kind],
      group: t`Record`,
      keys: KEYS[kind],
      icon: iconOf(kind),
      over,
      run: () => {
        onShow();
        askComposer(draftKey(definition.slug, doc.id), kind);
      },
    })),
  );
  return null;
}
