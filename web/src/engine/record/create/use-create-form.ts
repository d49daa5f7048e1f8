/** The state of a form for a new document: its values, its draft, what is wrong with it, saving it. */
import { useForm, useStore } from "@tanstack/react-form";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { Definition, Doc, Field } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import { faultOf } from "@/engine/record/create/check";
import { formFields, lean, startValues, type Values } from "@/engine/record/create/form-fields";
import { type Made, makeDocument } from "@/engine/record/create/make";
import { closeCreate } from "@/engine/record/create/open";
import { tidy } from "@/engine/record/create/pending";
import { useCreated } from "@/engine/record/create/use-created";
import { datesRead } from "@/engine/record/typed-dates";
import { useSession } from "@/engine/session";
import { useDraft } from "@/lib/draft";
import { asProblem, type Problem } from "@/lib/problem";

type Faults = Record<string, string>;

export function useCreateForm(definition: Definition, preset: Values) {
  const { schema, user } = useSession();
  const client = useQueryClient();
  const view = viewOf(definition.slug);
  const [{ first, rest }] = useState(() => formFields(definition, view?.quick, preset));
  const fields = [...first, ...rest];
  const [start, setStart] = useState(() => startValues(fields, preset, user));
  const draft = useKept(definition, preset, fields, schema.collections);
  const [restored, setRestored] = useState(draft.held !== null);
  const [all, setAll] = useState(false);
  const [another, setAnother] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [made, setMade] = useState<Made[]>([]);
  const formRef = useRef<HTMLFormElement>(null);
  const formId = useId();
  const created = useCreated(definition);

  // The library takes up whatever else it is given here later: it must stay what the form began with.
  const [defaults, setDefaults] = useState<Values>(draft.held ?? start);
  const [round, setRound] = useState(0);
  const begin = () => {
    setDefaults(start);
    form.reset(start);
    // Inputs that hold what was typed (a sum, a date) begin anew, too.
    setRound((count) => count + 1);
    setRestored(false);
    focusFirst(formRef.current);
  };
  const form = useForm({
    defaultValues: defaults,
    canSubmitWhenInvalid: true,
    onSubmit: async ({ value }) => {
      setFaults({});
      setProblem(null);
      try {
        const doc = await makeDocument(client, schema, definition, fields, value, (each, next) => {
          setMade((former) => [...former, each]);
          form.setFieldValue(each.field.name, next);
        });
        finish(doc);
      } catch (thrown) {
        refuse(asProblem(thrown));
      }
    },
  });
  const values = useStore(form.store, (state) => state.values);
  const busy = useStore(form.store, (state) => state.isSubmitting);
  useEffect(() => draft.keep(values, start), [values, start, draft.keep]);
  useDefaults(definition, preset, draft.held === null, (found) => {
    setStart((former) => ({ ...former, ...found }));
    for (const [name, value] of Object.entries(found)) form.setFieldValue(name, value);
  });

  const finish = (doc: Doc) => {
    draft.clear();
    created(doc);
    if (!another) return closeCreate(doc);
    setMade([]);
    begin();
  };
  const refuse = (refusal: Problem) => {
    const names = new Set(fields.map((field) => field.name));
    const own = refusal.fields.map((each) => ({ ...each, name: each.path.split(".")[0] ?? "" }));
    show(Object.fromEntries(own.filter((e) => names.has(e.name)).map((e) => [e.name, e.message])));
    const covered = own.length > 0 && own.every((each) => names.has(each.name));
    setProblem(covered ? null : refusal);
  };
  const show = (found: Faults) => {
    setFaults(found);
    if (rest.some((field) => field.name in found)) setAll(true);
    if (Object.keys(found).length > 0) focusFault(formRef.current);
  };
  const check = (): boolean => {
    const found: Faults = {};
    for (const field of fields) {
      const fault = faultOf(field, form.state.values[field.name]);
      if (fault) found[field.name] = fault;
    }
    show(found);
    return Object.keys(found).length === 0;
  };
  const submit = async () => {
    if (busy || !(await datesRead(formRef.current)) || !check()) return;
    await form.handleSubmit();
  };
  const set = (name: string, value: unknown) => {
    form.setFieldValue(name, value);
    setProblem(null);
    setFaults(({ [name]: _, ...others }) => others);
  };
  const startOver = () => {
    draft.clear();
    setFaults({});
    setProblem(null);
    begin();
  };
  return {
    ...{ form, formId, formRef, first, rest, all, setAll, another, setAnother },
    ...{ faults, problem, made, busy, restored, round, submit, set, startOver },
  };
}

export type CreateState = ReturnType<typeof useCreateForm>;

/** What was typed is kept until it is saved, for each thing one may add to apart. */
function useKept(
  definition: Definition,
  preset: Values,
  fields: readonly Field[],
  collections: readonly Definition[],
) {
  const mark = JSON.stringify(
    Object.entries(preset).map(([name, value]) => [name, tidy(value, true)]),
  );
  const key = `create:${definition.slug}${mark === "[]" ? "" : `:${mark}`}`;
  const [kept, setKept, clear] = useDraft<Values | null>(key, null);
  const [held] = useState(kept);
  const [keep] = useState(() => (values: Values, start: Values) => {
    const changed = fields.some(
      ({ name, relationTo }) =>
        JSON.stringify(tidy(values[name], relationTo !== undefined)) !==
        JSON.stringify(tidy(start[name], relationTo !== undefined)),
    );
    if (!changed) return clear();
    const slim = (field: Field) => {
      const target = collections.find((each) => each.slug === field.relationTo);
      const value = values[field.name];
      return [field.name, target ? lean(value, target.title) : value];
    };
    setKept(Object.fromEntries(fields.map(slim)) as Values);
  });
  return { held, keep, clear };
}

/** What the module begins a new document with, where nothing else was said. */
function useDefaults(
  definition: Definition,
  preset: Values,
  wanted: boolean,
  use: (found: Values) => void,
): void {
  const latest = useRef(use);
  latest.current = use;
  useEffect(() => {
    const defaults = viewOf(definition.slug)?.defaults;
    if (!defaults || !wanted) return;
    let live = true;
    // Without them the form asks for what is required.
    defaults().then(
      (found) => {
        const open = Object.entries(found).filter(([name]) => preset[name] === undefined);
        if (live && open.length > 0) latest.current(Object.fromEntries(open));
      },
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, [definition, preset, wanted]);
}

/** After the dialog itself has looked after a focus that was lost with what was clicked. */
function focusFirst(form: HTMLElement | null): void {
  setTimeout(() => form?.querySelector<HTMLElement>("input, textarea")?.focus(), 40);
}

/** Where the keyboard should be after a refusal: at the first field with a fault. */
function focusFault(form: HTMLElement | null): void {
  requestAnimationFrame(() =>
    form
      ?.querySelector<HTMLElement>("[data-fault] input, [data-fault] textarea, [data-fault] button")
      ?.focus(),
  );
}
