/** Sign in by the form, filter, edit cells by mouse and by keyboard, take it back unless somebody else came after, paste from a spreadsheet. */
import { api, assert, base, browserOf, eventually, journey, password, people } from "./browser.mjs";
import { cell, grid, names, reads, walkTo } from "./grid.mjs";

const FIRST = "Harbor00 Person";
const SECOND = "Harbor02 Person";

await journey("list", async () => {
  const ana = await browserOf(null);
  const { page } = ana;
  const stored = async (name) => {
    const where = `where[name][equals]=${encodeURIComponent(name)}`;
    const { status, body } = await api(ana, "GET", `/api/contacts?${where}&depth=0`);
    assert.equal(status, 200);
    assert.equal(body.docs.length, 1, `${name} is there once`);
    return body.docs[0];
  };
  const holds = (name, field, value) =>
    eventually(
      async () => assert.equal((await stored(name))[field], value),
      `${field} of ${name} by the API`,
    );

  await page.goto(`${base}/login?next=${encodeURIComponent("/w/harbor/contacts")}`);
  await page.getByLabel("Email address").fill(people.ana);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/w\/harbor\/contacts/);
  await grid(page).getByRole("link", { name: "Harbor01 Person" }).waitFor();
  assert.equal((await names(page)).length, 12);

  // Only the leads: what the builder makes is in the address.
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const builder = page.getByRole("dialog", { name: "Filter" });
  await builder.getByRole("combobox", { name: "Field to filter by" }).fill("Lifecycle");
  await page.getByRole("option", { name: "Lifecycle", exact: true }).click();
  await choose(page, "Lifecycle", "Lead");
  // One Escape for the choices, one for the builder.
  await page.keyboard.press("Escape");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await builder.waitFor({ state: "detached" });
  await eventually(async () => assert.equal((await names(page)).length, 6), "six leads");
  assert.match(decodeURIComponent(page.url()), /lifecycle.*lead/);
  await page.reload();
  await grid(page).getByRole("link", { name: FIRST }).waitFor();
  assert.equal((await names(page)).length, 6, "the filter is in the address");

  // By mouse.
  await edit(page, FIRST, "Email", "first@harbor.example");
  await reads(page, FIRST, "Email", "first@harbor.example");
  await holds(FIRST, "email", "first@harbor.example");
  await page.getByRole("button", { name: "Undo" }).click();
  await reads(page, FIRST, "Email", "person00@harbor.example");
  await holds(FIRST, "email", "person00@harbor.example");

  // By keyboard alone: arrows, Enter, typing, Enter; Ctrl+Z takes it back.
  await grid(page).focus();
  await walkTo(page, SECOND, "Email");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Email" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("second@harbor.example");
  await page.keyboard.press("Enter");
  await reads(page, SECOND, "Email", "second@harbor.example");
  await holds(SECOND, "email", "second@harbor.example");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.keyboard.press("Control+z");
  await holds(SECOND, "email", "person02@harbor.example");
  await reads(page, SECOND, "Email", "person02@harbor.example");

  // Two edits of one record, taken back one after the other: each finds what the other left.
  await edit(page, SECOND, "Email", "third@harbor.example");
  await holds(SECOND, "email", "third@harbor.example");
  await edit(page, SECOND, "Phone", "+34 600 111 222");
  await holds(SECOND, "phone", "+34 600 111 222");
  await grid(page).focus();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await holds(SECOND, "phone", null);
  await holds(SECOND, "email", "person02@harbor.example");

  // What somebody else has changed since is not overwritten by Undo: it is shown, and said.
  const ben = await browserOf(people.ben);
  await edit(page, FIRST, "Email", "mine@harbor.example");
  await holds(FIRST, "email", "mine@harbor.example");
  const { id } = await stored(FIRST);
  const theirs = { email: "theirs@harbor.example" };
  assert.equal((await api(ben, "PATCH", `/api/contacts/${id}`, theirs)).status, 200);
  await page.getByRole("button", { name: "Undo" }).click();
  const overtaken = page.getByRole("alert").filter({ hasText: "Not undone" });
  await overtaken.waitFor();
  assert.match(await overtaken.innerText(), /Someone else has changed this record/);
  await reads(page, FIRST, "Email", "theirs@harbor.example");
  await holds(FIRST, "email", "theirs@harbor.example");
  // An ordinary edit asks nobody.
  await edit(page, FIRST, "Email", "person00@harbor.example");
  await holds(FIRST, "email", "person00@harbor.example");
  const dismiss = page.getByRole("button", { name: "Dismiss" });
  while ((await dismiss.count()) > 0) await dismiss.first().click();

  // What the server refuses is rolled back, and it is said why.
  await edit(page, FIRST, "Email", "not an address");
  const refusal = page.getByRole("alert").filter({ hasText: "Not saved" });
  await refusal.waitFor();
  assert.match(await refusal.innerText(), /e-?mail/i);
  await reads(page, FIRST, "Email", "person00@harbor.example");
  await holds(FIRST, "email", "person00@harbor.example");

  // Two rows of two columns from a spreadsheet; what would change is shown first.
  await (await cell(page, SECOND, "Email")).click();
  await paste(page, "a@harbor.example\tQualified\nb@harbor.example\tCustomer");
  const asked = page.getByRole("dialog", { name: "Change 4 cells in 2 records?" });
  await asked.getByRole("button", { name: "Change 4 cells" }).click();
  await asked.waitFor({ state: "detached" });
  await holds(SECOND, "email", "a@harbor.example");
  await holds(SECOND, "lifecycle", "qualified");
  await holds(FIRST, "email", "b@harbor.example");
  await holds(FIRST, "lifecycle", "customer");
  // They are leads no more, and leave the list of leads.
  await eventually(async () => assert.equal((await names(page)).length, 4), "four leads left");
  await page.getByRole("button", { name: "Undo" }).click();
  await holds(FIRST, "lifecycle", "lead");
  await holds(SECOND, "email", "person02@harbor.example");
  await eventually(async () => assert.equal((await names(page)).length, 6), "six leads again");
});

/** The value of a condition. */
async function choose(page, label, option) {
  const list = page.getByRole("listbox");
  if ((await list.count()) === 0) {
    await page.getByRole("combobox", { name: label, exact: true }).last().click();
  }
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function edit(page, name, heading, text) {
  await (await cell(page, name, heading)).dblclick();
  const box = page.getByRole("textbox", { name: heading });
  await box.fill(text);
  await box.press("Enter");
  await box.waitFor({ state: "detached" });
}

/** As from a spreadsheet: the clipboard of a browser without a screen is not to be relied on. */
async function paste(page, text) {
  await grid(page).evaluate((element, tsv) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", tsv);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);
}
