/** What the first run suggests. */
import { expect, it } from "vitest";
import { startingAnswers } from "./guess";

const none = { value: "USD", from: null };
const settings = {
  currency: none,
  timezone: { value: "UTC", from: null },
  locale: { value: "en", from: null },
};
const madrid = { zone: "Europe/Madrid", languages: ["es-ES"] };

it("guesses where nobody has chosen", () => {
  expect(startingAnswers(settings, null, madrid, "es")).toEqual({
    businessType: null,
    currency: "EUR",
    timezone: "Europe/Madrid",
    locale: "es",
    demo: false,
  });
});

it("keeps what was chosen here or above", () => {
  const from = { id: "1", name: "Harbor" };
  const own = { ...settings, currency: { value: "GBP", from }, locale: { value: "en", from } };
  const answers = startingAnswers(own, "marina", madrid, "es");
  expect(answers).toMatchObject({ currency: "GBP", locale: "en", businessType: "marina" });
});
