// @vitest-environment jsdom
/** What was being written is there again after a reload, and not for another person. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  sessionStorage.clear();
  vi.resetModules();
});
afterEach(cleanup);

/** A fresh copy of the module: what a reload leaves of it. */
const load = () => import("@/lib/draft");

it("survives a reload", async () => {
  const before = await load();
  const first = renderHook(() => before.useDraft("note:1", { body: "" }));
  act(() => first.result.current[1]({ body: "half a tho" }));
  before.flushDrafts();
  first.unmount();
  vi.resetModules();
  const after = await load();
  const second = renderHook(() => after.useDraft("note:1", { body: "" }));
  expect(second.result.current[0]).toEqual({ body: "half a tho" });
});

it("is written when the page goes away without warning", async () => {
  const { useDraft } = await load();
  const { result } = renderHook(() => useDraft("note:1", ""));
  act(() => result.current[1]("almost"));
  window.dispatchEvent(new Event("pagehide"));
  expect(sessionStorage.getItem("mainstay.draft:note:1")).toBe('"almost"');
});

it("builds on what is there, and goes back to the start when cleared", async () => {
  const { useDraft, flushDrafts } = await load();
  const { result } = renderHook(() => useDraft("list", ["a"]));
  act(() => result.current[1]((former) => [...former, "b"]));
  act(() => result.current[1]((former) => [...former, "c"]));
  expect(result.current[0]).toEqual(["a", "b", "c"]);
  act(() => result.current[2]());
  flushDrafts();
  expect(result.current[0]).toEqual(["a"]);
  expect(sessionStorage.getItem("mainstay.draft:list")).toBeNull();
});

it("is the same in two places, and another under another key", async () => {
  const { useDraft } = await load();
  const one = renderHook(() => useDraft("k", ""));
  const two = renderHook(() => useDraft("k", ""));
  const other = renderHook(() => useDraft("l", ""));
  act(() => one.result.current[1]("x"));
  expect(two.result.current[0]).toBe("x");
  expect(other.result.current[0]).toBe("");
});

it("stays for the same person and goes for another", async () => {
  const { useDraft, claimDrafts, flushDrafts } = await load();
  claimDrafts("ana");
  const { result } = renderHook(() => useDraft("k", ""));
  act(() => result.current[1]("mine"));
  flushDrafts();
  act(() => claimDrafts("ana"));
  expect(result.current[0]).toBe("mine");
  act(() => claimDrafts("ben"));
  expect(result.current[0]).toBe("");
  expect(sessionStorage.getItem("mainstay.draft:k")).toBeNull();
});

it("starts anew when what was kept cannot be read", async () => {
  sessionStorage.setItem("mainstay.draft:k", "{");
  const { useDraft } = await load();
  const { result } = renderHook(() => useDraft("k", "start"));
  expect(result.current[0]).toBe("start");
});
