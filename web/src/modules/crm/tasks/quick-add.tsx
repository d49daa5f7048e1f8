/** One line that makes a task: "call Ana tomorrow 9am". What was understood is shown, and can be taken back. */
import { useLingui } from "@lingui/react/macro";
import { CalendarClock, Plus, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useState } from "react";
import type { Writes } from "@/engine/writes";
import { asProblem } from "@/lib/problem";
import { dueText } from "@/modules/crm/tasks/due-text";
import { type Understood, understand } from "@/modules/crm/tasks/natural";
import { useReaders } from "@/modules/crm/tasks/readers";
import { Input } from "@/ui/field";
import { Kbd } from "@/ui/kbd";
import { toast } from "@/ui/toast";

export function QuickAdd({
  ref,
  writes,
  assignee,
}: {
  ref: RefObject<HTMLInputElement | null>;
  writes: Writes;
  assignee: string;
}) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  /** The words that are no date after all. */
  const [refused, setRefused] = useState<string | null>(null);
  const [readers, load] = useReaders();
  const found = text.trim() ? understand(text, readers) : null;
  const due = found && found.when.toLowerCase() !== refused ? found : null;
  const reset = () => {
    setText("");
    setRefused(null);
  };
  const create = async (said: string, understood: Understood | null) => {
    const title = understood?.title || said.trim();
    reset();
    try {
      await writes.create({ title, assignee, ...(understood ? { dueAt: understood.dueAt } : {}) });
      const when = understood ? dueText(understood.dueAt) : "";
      toast({ title: when ? t`Added for ${when}` : t`Added`, tone: "good", duration: 2500 });
    } catch (thrown) {
      // Nothing typed is lost.
      setText((newer) => newer || said);
      toast.error(t`The task was not added`, asProblem(thrown));
    }
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    if (readers.length > 0) return create(text, due);
    // Typed faster than the parser came.
    const loaded = await load();
    const late = understand(text, loaded);
    return create(text, late && late.when.toLowerCase() !== refused ? late : null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text) reset();
    else event.currentTarget.blur();
  };
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="relative">
      <Input
        ref={ref}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={() => void load()}
        onKeyDown={onKeyDown}
        autoComplete="off"
        enterKeyHint="done"
        maxLength={300}
        aria-label={t`Add a task`}
        aria-describedby="quick-add-understood"
        placeholder={t`Add a task: “call Ana tomorrow 9am”`}
        left={<Plus size={16} aria-hidden />}
        right={
          <span id="quick-add-understood" aria-live="polite" className="flex shrink-0 items-center">
            {due && (
              <Chip text={dueText(due.dueAt)} onRemove={() => setRefused(due.when.toLowerCase())} />
            )}
            {!text && <Kbd keys="a" className="phone:hidden" />}
          </span>
        }
        boxClassName="h-10"
      />
    </form>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useLingui();
  return (
    <span className="flex h-6 items-center gap-1.5 rounded-tag bg-accent-tint pl-2 text-12 font-medium text-accent-text">
      <CalendarClock size={13} aria-hidden />
      {text}
      <button
        type="button"
        aria-label={t`It is no date: keep the words`}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center rounded-tag hover:bg-hover coarse:size-11"
      >
        <X size={12} />
      </button>
    </span>
  );
}
