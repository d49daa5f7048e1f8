/** A contact of a company that is not there yet, made by keyboard alone: by `c`, and by the palette. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";
import { row } from "./grid.mjs";

await journey("create", async () => {
  const ana = await browserOf(people.ana);
  const { page } = ana;
  const keys = page.keyboard;
  const one = async (slug, field, value, depth = 0) => {
    const path = `/api/${slug}?where[${field}][equals]=${encodeURIComponent(value)}&depth=${depth}`;
    const { docs } = (await api(ana, "GET", path)).body;
    assert.equal(docs.length, 1, `${value} is there once`);
    return docs[0];
  };
  const focus = (locator, what) =>
    eventually(
      async () => assert.equal(await locator.evaluate((e) => e === document.activeElement), true),
      `the focus is on ${what}`,
    );

  await page.goto(`${base}/w/harbor/contacts`);
  await row(page, "Harbor01 Person").waitFor();
  await keys.press("c");
  const form = page.getByRole("dialog", { name: "New contact" });
  await focus(form.getByLabel("First name"), "the first field");
  await keys.type("Nora");
  await tabTo(page, form.getByLabel("Last name"));
  await keys.type("Voss");
  await tabTo(page, form.getByLabel("Email"));
  await keys.type("not an address");
  await tabTo(page, form.getByLabel("Company"));
  await keys.type("Voss & Daughters");
  await page.getByRole("option", { name: "Create “Voss & Daughters”" }).waitFor();
  await keys.press("Enter");

  // What is wrong is said at its field, and nothing was made.
  await keys.press("Control+Enter");
  await focus(form.getByLabel("Email"), "the field that is wrong");
  await form.getByText("This is no email address.").waitFor();
  await keys.press("Control+a");
  await keys.type("nora@voss.example");
  await keys.press("Control+Enter");
  await form.waitFor({ state: "detached" });

  const company = await one("companies", "name", "Voss & Daughters");
  const contact = await one("contacts", "email", "nora@voss.example");
  assert.equal(contact.name, "Nora Voss");
  assert.equal(contact.company, company.id);
  await row(page, "Nora Voss").filter({ hasText: "Voss & Daughters" }).waitFor();

  // From anywhere, by the palette.
  await page.goto(`${base}/w/harbor`);
  await page.getByRole("link", { name: "Contacts", exact: true }).first().waitFor();
  await keys.press("Control+k");
  await page.getByRole("combobox").last().waitFor();
  await keys.type("new contact");
  await page.getByRole("option", { name: /New contact/ }).waitFor();
  await keys.press("Enter");
  await focus(form.getByLabel("First name"), "the first field");
  await keys.type("Otto");
  await tabTo(page, form.getByLabel("Company"));
  await keys.type("Voss");
  await page.getByRole("option", { name: /^Voss & Daughters/ }).waitFor();
  await keys.press("Enter");
  await keys.press("Control+Enter");
  await form.waitFor({ state: "detached" });
  const otto = await eventually(() => one("contacts", "firstName", "Otto"), "Otto by the API");
  assert.equal(otto.company, company.id, "the company that is there is taken, not made again");
  await one("companies", "name", "Voss & Daughters");
});

/** Tab, as often as it takes. */
async function tabTo(page, locator) {
  for (let steps = 0; steps < 12; steps++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${locator}`);
}
