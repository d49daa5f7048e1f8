/** An entry being mended in its place. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useState } from "react";
import type { Doc } from "@/engine/definitions";
import { kindName, type LogKind } from "@/engine/record/timeline/kinds";
import { noteOf, noteText } from "@/engine/record/timeline/told";
import { useDefinition } from "@/engine/session";
import { useWrites } from "@/engine/writes";
import { Button } from "@/ui/button";
import { Input, Textarea } from "@/ui/field";
import { Kbd } from "@/ui/kbd";

export function EntryEditor(props: { doc: Doc; kind: LogKind; onDone: () => void }) {
  const definition = useDefinition("activities");
  return definition ? <Editor {...props} definition={definition} /> : null;
}

function Editor({
  doc,
  kind,
  definition,
  onDone,
}: Parameters<typeof EntryEditor>[0] & { definition: Parameters<typeof useWrites>[0] }) {
  const { t } = useLingui();
  const writes = useWrites(definition);
  const isNote = kind === "note";
  const held = String(doc.subject ?? "");
  const heldBody = typeof doc.body === "string" ? doc.body : "";
  const [subject, setSubject] = useState(held);
  const [body, setBody] = useState(isNote ? noteText(held, heldBody || null) : heldBody);
  const ready = (isNote ? body : subject).trim() !== "";
  const save = () => {
    if (!ready) return;
    const patch = isNote ? noteOf(body) : { subject: subject.trim(), body: body.trim() || null };
    onDone();
    const name = kindName(kind);
    void writes.update(doc, patch, { message: t`${name} changed` }).catch(() => undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the fields inside
    <div className="mb-1.5 grid min-w-0 grow gap-2 py-1" onKeyDown={onKeyDown}>
      {!isNote && (
        <Input
          autoFocus
          aria-label={t`Subject`}
          maxLength={500}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
      )}
      <Textarea
        autoGrow
        autoFocus={isNote}
        rows={3}
        aria-label={isNote ? t`Note` : t`Details`}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
      <div className="flex items-center gap-2">
        <Button size="sm" variant="primary" disabled={!ready} onClick={save}>
          {t`Save`}
        </Button>
        <Button size="sm" variant="ghost" onClick={onDone}>
          {t`Cancel`}
        </Button>
        <Kbd keys="mod+enter" className="ml-auto phone:hidden" />
      </div>
    </div>
  );
}
