/** Edits a raw document: field by field, or as a whole. Only what differs is sent. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { FieldRows } from "@/app/admin/field-rows";
import { writtenRaw } from "@/app/admin/queries";
import { changed, jsonText, parseJson, type Raw, writableNames } from "@/app/admin/raw";
import { useAdminPath, useScope } from "@/app/admin/scope";
import { useLeaveGuard } from "@/app/forms/leave-guard";
import { ErrorNote } from "@/app/forms/notes";
import type { Definition, Doc } from "@/engine/definitions";
import { useCommands } from "@/lib/keyboard";
import { asProblem, type Problem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Textarea } from "@/ui/field";
import { Segmented } from "@/ui/segmented";
import { toast } from "@/ui/toast";

type Props = {
  definition: Definition;
  start: Raw;
  /** Null for one that is not there yet. */
  id: string | null;
  trashed?: boolean;
};

export function Editor({ definition, start, id, trashed = false }: Props) {
  const { t } = useLingui();
  const [mode, setMode] = useState<"fields" | "json">("fields");
  const names = writableNames(definition, id === null);
  const may = id === null ? definition.permissions.create : definition.permissions.update;
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [whole, setWhole] = useState<string | null>(null);
  const { values, faults } = read(start, texts, whole);
  const patch = changed(start, values, names);
  const dirty = Object.keys(texts).length > 0 || whole !== null;
  const { save, busy, problem } = useSave({ definition, start, id, trashed });
  useLeaveGuard(dirty && !busy && id !== null);
  const ready = may && Object.keys(faults).length === 0 && !busy;
  const go = () => void (ready && save(id === null ? { ...start, ...patch } : patch));
  useCommands([
    {
      id: "admin.save",
      title: t`Save the document`,
      group: t`Data admin`,
      keys: "mod+s",
      everywhere: true,
      run: go,
    },
  ]);
  const switchTo = (next: typeof mode) => {
    // What was typed goes along; what cannot be read stays where it is.
    if (Object.keys(faults).length > 0) return;
    if (next === "json" && Object.keys(texts).length > 0)
      setWhole(jsonText({ ...start, ...values }));
    if (next === "fields" && whole !== null) {
      setTexts(
        Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, jsonText(value)])),
      );
      setWhole(null);
    }
    if (next === "json") setTexts({});
    setMode(next);
  };
  return (
    <form
      noValidate
      className="flex min-h-0 grow flex-col"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        go();
      }}
    >
      <div className="flex items-center gap-2 border-b border-line px-3 py-2">
        <Segmented
          label={t`How to edit`}
          size="sm"
          options={[
            { value: "fields", label: t`Fields` },
            { value: "json", label: "JSON" },
          ]}
          value={mode}
          onChange={switchTo}
        />
        <span className="text-12 text-muted" aria-live="polite">
          {Object.keys(faults).length > 0
            ? t`Mend the JSON first.`
            : Object.keys(patch).length > 0 && id !== null
              ? t`Changed: ${Object.keys(patch).join(", ")}`
              : ""}
        </span>
        <span className="grow" />
        {dirty && (
          <Button
            onClick={() => {
              setTexts({});
              setWhole(null);
            }}
          >
            {t`Discard`}
          </Button>
        )}
        {may && (
          <Button
            type="submit"
            variant="primary"
            pending={busy}
            disabled={!ready || (id !== null && Object.keys(patch).length === 0)}
          >
            {id === null ? t`Create` : t`Save`}
          </Button>
        )}
      </div>
      <div className="min-h-0 grow overflow-y-auto">
        {problem && (
          <div className="p-3">
            <ErrorNote problem={problem} />
          </div>
        )}
        {mode === "fields" ? (
          <FieldRows
            definition={definition}
            values={{ ...start, ...values }}
            texts={texts}
            faults={faults}
            problem={problem}
            editable={may ? names : []}
            creating={id === null}
            onChange={(name, text) => setTexts((former) => ({ ...former, [name]: text }))}
          />
        ) : (
          <div className="p-3">
            <Textarea
              rows={32}
              spellCheck={false}
              readOnly={!may}
              aria-label={t`The whole document as JSON`}
              aria-invalid={"*" in faults}
              className="font-mono text-12"
              value={whole ?? jsonText(start)}
              onChange={(event) => setWhole(event.target.value)}
            />
            {faults["*"] && (
              <p role="alert" className="mt-1 text-12 text-danger">
                {faults["*"]}
              </p>
            )}
          </div>
        )}
      </div>
    </form>
  );
}

/** The document as typed so far, and what of it is no JSON. */
function read(
  start: Raw,
  texts: Record<string, string>,
  whole: string | null,
): { values: Raw; faults: Record<string, string> } {
  const faults: Record<string, string> = {};
  const tried = (name: string, text: string, otherwise: unknown): unknown => {
    try {
      return parseJson(text);
    } catch (thrown) {
      faults[name] = thrown instanceof Error ? thrown.message : String(thrown);
      return otherwise;
    }
  };
  if (whole !== null) {
    const value = tried("*", whole, start);
    const object = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!object && !faults["*"]) faults["*"] = "{ … }";
    return { values: object ? (value as Raw) : start, faults };
  }
  const typed = Object.entries(texts).map(([name, text]) => [name, tried(name, text, start[name])]);
  return { values: { ...start, ...Object.fromEntries(typed) }, faults };
}

function useSave({ definition, id, trashed }: Props) {
  const { t } = useLingui();
  const { tenant } = useScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = useAdminPath();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { slug } = definition;
  const save = async (body: Raw) => {
    setBusy(true);
    setProblem(null);
    try {
      const query = { depth: 0, ...(trashed ? { trash: true } : {}) };
      const [method, url] =
        id === null
          ? (["POST", `/api/${slug}`] as const)
          : (["PATCH", `/api/${slug}/${id}`] as const);
      const answer = await request<{ doc: Doc }>(method, url, { body, query, tenant });
      writtenRaw(client);
      toast({ title: id === null ? t`Created` : t`Saved`, tone: "good" });
      // The form stays busy until the new document's own takes its place: a second click makes no second one.
      if (id === null) return void navigate(path(`${slug}/${answer.doc.id}`), { replace: true });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setBusy(false);
  };
  return { save, busy, problem };
}
