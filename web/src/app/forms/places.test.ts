/** Where a browser seems to be, and what it pays with there. */
import { describe, expect, it } from "vitest";
import { currencyOptions, guessCurrency, guessRegion, guessZone, zoneLabel } from "./places";

const hints = (zone: string, ...languages: string[]) => ({ zone, languages });

describe("guesses", () => {
  it("believes the zone before the language", () => {
    expect(guessRegion(hints("Europe/Madrid", "en-US"))).toBe("ES");
    expect(guessCurrency(hints("Europe/Madrid", "en-US"))).toBe("EUR");
    expect(guessCurrency(hints("America/Mexico_City", "es"))).toBe("MXN");
    expect(guessCurrency(hints("Europe/London", "en-US"))).toBe("GBP");
    expect(guessCurrency(hints("Europe/Berlin", "de"))).toBe("EUR");
  });
  it("falls back to the language, then to dollars", () => {
    expect(guessCurrency(hints("Etc/GMT", "es-CL"))).toBe("CLP");
    expect(guessCurrency(hints("UTC", "fr", "de-CH"))).toBe("CHF");
    expect(guessCurrency(hints("UTC", "en"))).toBe("USD");
    expect(guessRegion(hints("UTC", "tlh-XX"))).toBeNull();
  });
  it("never leaves the zone empty", () => {
    expect(guessZone(hints(""))).toBe("UTC");
    expect(guessZone(hints("Etc/Unknown"))).toBe("UTC");
    expect(guessZone(hints("Europe/Madrid"))).toBe("Europe/Madrid");
  });
});

describe("lists", () => {
  it("has the common currencies first, each once", () => {
    const codes = currencyOptions("en").map((option) => option.value);
    expect(codes[0]).toBe("EUR");
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toContain("KWD");
  });
  it("says how far a zone is, and survives one nobody knows", () => {
    const winter = new Date("2026-01-15T12:00:00Z");
    expect(zoneLabel("Asia/Kolkata", "en", winter)).toBe("Asia/Kolkata (GMT+5:30)");
    expect(zoneLabel("Mars/Olympus", "en", winter)).toBe("Mars/Olympus (?)");
  });
});
