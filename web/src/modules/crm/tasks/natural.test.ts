/** What people write, in two languages, over clock changes and in other zones. */
import * as en from "chrono-node/en";
import * as es from "chrono-node/es";
import { afterAll, describe, expect, it } from "vitest";
import { instantOf, localOf, setViewerZone } from "@/lib/format";
import { dayEnd, isWholeDay, understand } from "@/modules/crm/tasks/natural";

const EN = [{ language: "en", parser: en.casual }] as const;
const ES = [{ language: "es", parser: es.casual }] as const;
/** A Saturday, 15:00 in Madrid. */
const NOW = new Date("2026-11-21T14:00:00Z");

afterAll(() => setViewerZone(null));

function said(text: string, readers: Parameters<typeof understand>[1], now = NOW): string | null {
  const found = understand(text, readers, now);
  return found && `${found.title} | ${localOf(found.dueAt)}`;
}

describe("English", () => {
  setViewerZone("Europe/Madrid");
  it.each([
    ["call Ana tomorrow 9am", "call Ana | 2026-11-22T09:00"],
    ["call Ana tomorrow at 9", "call Ana | 2026-11-22T09:00"],
    ["tomorrow 9am: call Ana", "call Ana | 2026-11-22T09:00"],
    ["send the offer by friday", "send the offer | 2026-11-27T23:59"],
    ["invoice on 3 dec at 14:30", "invoice | 2026-12-03T14:30"],
    ["pay tomorrow morning", "pay | 2026-11-22T09:00"],
    ["call in the evening", "call | 2026-11-21T19:00"],
    ["call tonight", "call | 2026-11-21T20:00"],
    ["call at 5", "call | 2026-11-21T17:00"],
    ["call at 05:30", "call | 2026-11-22T05:30"],
    ["call at 9am", "call | 2026-11-22T09:00"],
    ["review in 3 days", "review | 2026-11-24T23:59"],
    ["buy sun cream tomorrow 9am", "buy sun cream | 2026-11-22T09:00"],
    ["2026-12-24 close the books", "close the books | 2026-12-24T23:59"],
  ])("%s", (text, expected) => {
    setViewerZone("Europe/Madrid");
    expect(said(text, EN)).toBe(expected);
  });
  it("finds nothing where nothing says when", () => {
    expect(said("review 5 files for Ana", EN)).toBeNull();
    expect(said("", EN)).toBeNull();
  });
});

describe("Spanish", () => {
  it.each([
    ["llamar a Ana mañana a las 9", "llamar a Ana | 2026-11-22T09:00"],
    ["llamar a Ana mañana a las 9 de la mañana", "llamar a Ana | 2026-11-22T09:00"],
    ["enviar la oferta el viernes", "enviar la oferta | 2026-11-27T23:59"],
    ["enviar la oferta para el lunes a las 10:30", "enviar la oferta | 2026-11-23T10:30"],
    ["pagar pasado mañana", "pagar | 2026-11-23T23:59"],
    ["pagar pasado mañana a las 17h", "pagar | 2026-11-23T17:00"],
    ["llamar mañana por la tarde", "llamar | 2026-11-22T15:00"],
    ["llamar a las 5 de la tarde", "llamar | 2026-11-21T17:00"],
    ["llamar hoy a las 17h", "llamar | 2026-11-21T17:00"],
    ["revisar la semana que viene", "revisar | 2026-11-28T23:59"],
    ["revisar el lunes que viene", "revisar | 2026-11-23T23:59"],
    ["factura 3 de diciembre", "factura | 2026-12-03T23:59"],
    ["llamar en 2 horas", "llamar | 2026-11-21T17:00"],
  ])("%s", (text, expected) => {
    setViewerZone("Europe/Madrid");
    expect(said(text, ES)).toBe(expected);
  });
  it("takes English too when it comes second", () => {
    setViewerZone("Europe/Madrid");
    expect(said("call Ana tomorrow 9am", [...ES, ...EN])).toBe("call Ana | 2026-11-22T09:00");
  });
});

describe("zones and clock changes", () => {
  it("means the viewer's tomorrow, wherever the browser is", () => {
    setViewerZone("Pacific/Auckland");
    // Already Sunday 22 there.
    expect(understand("call tomorrow 9am", EN, NOW)?.dueAt).toBe("2026-11-22T20:00:00.000Z");
    setViewerZone("America/Los_Angeles");
    expect(understand("call tomorrow 9am", EN, NOW)?.dueAt).toBe("2026-11-22T17:00:00.000Z");
  });
  it("keeps the hour over a clock change", () => {
    setViewerZone("Europe/Madrid");
    const eve = new Date("2027-03-27T18:00:00Z");
    expect(understand("call tomorrow 9am", EN, eve)?.dueAt).toBe("2027-03-28T07:00:00.000Z");
    expect(understand("call in 3 days", EN, eve)?.dueAt).toBe("2027-03-30T21:59:00.000Z");
  });
  it("counts hours as they pass, also over a clock change", () => {
    setViewerZone("Europe/Madrid");
    const night = new Date("2027-03-28T00:30:00Z");
    expect(understand("call in 3 hours", EN, night)?.dueAt).toBe("2027-03-28T03:30:00.000Z");
  });
  it("knows a task of a whole day by its hour there", () => {
    setViewerZone("Asia/Tokyo");
    expect(isWholeDay(dayEnd("2026-11-22"))).toBe(true);
    expect(isWholeDay(instantOf("2026-11-22T09:00"))).toBe(false);
    setViewerZone("UTC");
    expect(isWholeDay("2026-11-22T14:59:00.000Z")).toBe(false);
  });
});
