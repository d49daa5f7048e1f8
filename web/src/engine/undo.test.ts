/** A write is taken back by naming the states that are ours; a state that somebody else made is none of them. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Doc } from "@/engine/definitions";

let undo: typeof import("@/engine/undo") & typeof import("@/engine/patch");
let sent: { url: string; body: unknown; match: string | null }[];
let answers: (() => Promise<Response>)[];

beforeEach(async () => {
  vi.resetModules();
  sent = [];
  answers = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const match = new Headers(init.headers).get("if-match");
    sent.push({ url, body: JSON.parse(String(init.body)), match });
    return answers.shift()?.() ?? Promise.reject(new Error("nothing was expected"));
  });
  undo = { ...(await import("@/engine/undo")), ...(await import("@/engine/patch")) };
});
afterEach(() => vi.unstubAllGlobals());

const at = (second: number) => `2026-11-21T10:00:0${second}.000Z`;
const state = (second: number, fields: Record<string, unknown>, id = "a"): Doc => ({
  id,
  createdAt: at(0),
  updatedAt: at(second),
  ...fields,
});
const quoted = (...seconds: number[]) => seconds.map((second) => `"${at(second)}"`).join(", ");
const answer = (doc: Doc) => () => Promise.resolve(Response.json({ doc }));

it("names the state that the write left", () => {
  expect(undo.statesSince(state(1, { email: "new" }), ["email"])).toBe(quoted(1));
});

it("names what we wrote later, whatever came of other fields", () => {
  const first = state(1, { email: "new", phone: "1" });
  undo.remember(first, ["email"]);
  undo.remember(state(2, { email: "new", phone: "2" }), ["phone"]);
  undo.remember(state(3, { email: "newer", phone: "2" }), ["email"]);
  undo.remember(state(4, { email: "newer", phone: "1" }), ["phone"]);
  undo.remember(state(5, { email: "elsewhere" }, "b"), ["email"]);
  expect(undo.statesSince(first, ["email"])).toBe(quoted(1, 2, 3, 4));
});

it("does not name a later write of ours that found somebody else's value", () => {
  const first = state(1, { email: "new", phone: "1" });
  undo.remember(first, ["email"]);
  undo.remember(state(2, { email: "theirs", phone: "2" }), ["phone"]);
  expect(undo.statesSince(first, ["email"])).toBe(quoted(1));
});

it("takes a relation for the same, populated or not", () => {
  const company = { id: "c", createdAt: at(0), name: "Harbor" };
  const first = state(1, { company });
  undo.remember(first, ["company"]);
  undo.remember(state(2, { company: "c", phone: "2" }), ["phone"]);
  expect(undo.statesSince(first, ["company"])).toBe(quoted(1, 2));
});

it("takes answers that overtook each other in their order", () => {
  const first = state(1, { email: "new" });
  undo.remember(state(2, { email: "new", phone: "2" }), ["phone"]);
  undo.remember(first, ["email"]);
  expect(undo.statesSince(first, ["email"])).toBe(quoted(1, 2));
});

it("writes without a condition and takes back with one", async () => {
  const written = state(1, { email: "new" });
  answers.push(answer(written), answer(state(2, { email: "old" })));
  expect(await undo.patchOne("contacts", "a", { email: "new" })).toEqual(written);
  await undo.patchOne("contacts", "a", { email: "old" }, undo.over(written, { email: "" }));
  expect(sent).toEqual([
    { url: "/api/contacts/a?depth=0", body: { email: "new" }, match: null },
    { url: "/api/contacts/a?depth=0", body: { email: "old" }, match: quoted(1) },
  ]);
});

it("waits with taking back for what is still under way", async () => {
  const first = state(1, { email: "new", phone: "1" });
  answers.push(answer(first));
  await undo.patchOne("contacts", "a", { email: "new" });
  let arrive: (response: Response) => void = () => undefined;
  answers.push(() => new Promise((resolve) => (arrive = resolve)));
  answers.push(answer(state(3, { email: "old" })));
  const second = undo.patchOne("contacts", "a", { phone: "2" });
  const back = undo.patchOne("contacts", "a", { email: "old" }, undo.over(first, { email: "" }));
  await Promise.resolve();
  expect(sent).toHaveLength(2);
  arrive(Response.json({ doc: state(2, { email: "new", phone: "2" }) }));
  await Promise.all([second, back]);
  expect(sent[2]?.match).toBe(quoted(1, 2));
});
