// @vitest-environment jsdom
/** Undo gives back what was there, and leaves alone what somebody else has changed since. */
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Definition, Doc } from "@/engine/definitions";
import { keys } from "@/engine/documents";
import { writeEach } from "@/engine/list/many-writes";
import { Writes } from "@/engine/writes";
import { messages } from "@/locales/en.po";
import { Toaster } from "@/ui/toast";

i18n.loadAndActivate({ locale: "en", messages });

/** A server of one collection that keeps to the contract: `If-Match`, filters by id and by trashing. */
let stored: Map<string, Doc>;
// Never set back: the app remembers what it wrote in the test before.
let clock = 0;
const sent: string[] = [];

const stamp = () => new Date(Date.UTC(2026, 10, 21) + 1000 * clock++).toISOString();

function change(id: string, patch: Record<string, unknown>): Doc {
  const doc = { ...(stored.get(id) as Doc), ...patch, updatedAt: stamp() };
  stored.set(id, doc);
  return doc;
}

async function serve(address: string, init: RequestInit): Promise<Response> {
  const url = new URL(address, "http://localhost");
  const [, , , id] = url.pathname.split("/");
  const match = new Headers(init.headers).get("if-match");
  const body = init.body ? JSON.parse(String(init.body)) : {};
  if (init.method === "PATCH") sent.push(`${id ?? "many"} ${match === null ? "as it is" : "if"}`);
  if (id) {
    const doc = stored.get(id);
    if (!doc) return Response.json({ errors: [{ message: "Not Found" }] }, { status: 404 });
    if (match && !match.includes(doc.updatedAt)) {
      return Response.json({ errors: [{ name: "ConflictError", message: "" }] }, { status: 409 });
    }
    return Response.json({ doc: change(id, body) });
  }
  const wanted = [...url.searchParams].flatMap(([key, value]) =>
    key.startsWith("where[id][in]") ? [value] : [],
  );
  const trashed = url.searchParams.get("where[deletedAt][equals]");
  const docs = [...stored.values()].filter(
    (doc) => wanted.includes(doc.id) && (!trashed || doc.deletedAt === trashed),
  );
  const done = init.method === "PATCH" ? docs.map((doc) => change(doc.id, body)) : docs;
  return Response.json({ docs: done, errors: [] });
}

const contacts = { slug: "contacts", trash: true, fields: [] } as unknown as Definition;
const one = (id: string) => keys.one("contacts", id);
let client: QueryClient;
let writes: Writes;

beforeEach(() => {
  sent.length = 0;
  const ids = ["a", "b", "c"];
  stored = new Map(
    ids.map((id) => [
      id,
      {
        id,
        createdAt: stamp(),
        updatedAt: stamp(),
        email: `${id}@old`,
        phone: "1",
        deletedAt: null,
      },
    ]),
  );
  vi.stubGlobal("fetch", serve);
  client = new QueryClient();
  for (const doc of stored.values()) client.setQueryData(one(doc.id), doc);
  writes = new Writes(client, contacts);
  render(
    <I18nProvider i18n={i18n}>
      <Toaster />
    </I18nProvider>,
  );
});
afterEach(() => {
  for (const button of screen.queryAllByRole("button", { name: "Dismiss" }))
    fireEvent.click(button);
  cleanup();
  vi.unstubAllGlobals();
});

const doc = (id: string) => stored.get(id) as Doc;
const shown = (id: string) => client.getQueryData<Doc>(one(id));
const edit = (id: string, patch: Record<string, unknown>) =>
  act(() => writes.update(doc(id), patch, { message: `${id} changed` }));

async function undo(nth = -1): Promise<void> {
  const buttons = await screen.findAllByRole("button", { name: "Undo" });
  fireEvent.click(buttons.at(nth) as HTMLElement);
}

it("takes an edit back", async () => {
  await edit("a", { email: "a@new" });
  expect(shown("a")?.email).toBe("a@new");
  await undo();
  await vi.waitFor(() => expect(doc("a").email).toBe("a@old"));
  expect(sent).toEqual(["a as it is", "a if"]);
  expect(shown("a")?.email).toBe("a@old");
});

it("leaves what somebody else has changed since, says so and reads it anew", async () => {
  await edit("a", { email: "a@new" });
  change("a", { email: "a@theirs" });
  await undo();
  const notice = await screen.findByRole("alert");
  expect(notice.textContent).toContain("Not undone");
  expect(notice.textContent).toContain("Someone else has changed this record in the meantime.");
  expect(doc("a").email).toBe("a@theirs");
  expect(shown("a")?.email).toBe("a@new");
  expect(client.getQueryState(one("a"))?.isInvalidated).toBe(true);
});

it("says that the record is gone", async () => {
  await edit("a", { email: "a@new" });
  stored.delete("a");
  await undo();
  expect((await screen.findByRole("alert")).textContent).toContain("was deleted in the meantime");
});

it("takes several edits of one's own back, in whatever order", async () => {
  await edit("a", { email: "a@new" });
  await edit("a", { phone: "2" });
  await undo(0);
  await undo();
  await vi.waitFor(() => expect(doc("a")).toMatchObject({ email: "a@old", phone: "1" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

it("overwrites without asking in an ordinary edit", async () => {
  change("a", { email: "a@theirs" });
  await edit("a", { email: "a@new" });
  expect(doc("a").email).toBe("a@new");
});

it("takes many back one by one, but for those somebody else has changed", async () => {
  await act(() => writes.updateMany([...stored.values()], { email: "all@new" }, "All changed"));
  change("b", { phone: "theirs" });
  await undo();
  const notice = await screen.findByRole("alert");
  expect(notice.textContent).toContain("1 of 3 were not undone");
  expect([...stored.values()].map((each) => each.email)).toEqual(["a@old", "all@new", "c@old"]);
});

it("takes pasted cells back one by one, but for those somebody else has changed", async () => {
  const patch = { email: "pasted" };
  const changes = [...stored.values()].map((each) => ({ doc: each, patch, shown: patch }));
  await act(() => writeEach(client, contacts, changes, "Pasted"));
  change("c", { email: "c@theirs" });
  await undo();
  const notice = await screen.findByRole("alert");
  expect(notice.textContent).toContain("1 of 3 were not undone");
  expect([...stored.values()].map((each) => each.email)).toEqual(["a@old", "b@old", "c@theirs"]);
});

it("brings back from the trash only what is there as it was put", async () => {
  await act(() => writes.remove([doc("a"), doc("b")], "Two deleted"));
  expect(doc("a").deletedAt).toBeTruthy();
  const theirs = stamp();
  change("b", { deletedAt: theirs });
  await undo();
  expect((await screen.findByRole("alert")).textContent).toContain("1 of 2 were not undone");
  expect(doc("a").deletedAt).toBeNull();
  expect(doc("b").deletedAt).toBe(theirs);
});

it("takes an edit back after the record was in the trash meanwhile", async () => {
  await edit("a", { email: "a@new" });
  await act(() => writes.remove([doc("a")], "a deleted"));
  expect(doc("a").deletedAt).toBeTruthy();
  await undo();
  await vi.waitFor(() => expect(doc("a").deletedAt).toBeNull());
  await vi.waitFor(() => expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1));
  await undo();
  await vi.waitFor(() => expect(doc("a").email).toBe("a@old"));
});
