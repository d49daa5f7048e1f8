/** A view that Ana shares is the same for Ben at its address; one that she keeps to herself is not his. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";
import { grid, names, row } from "./grid.mjs";

const FILTER = JSON.stringify(["and", ["lifecycle", "in", ["customer"]]]);

await journey("views", async () => {
  const ana = await browserOf(people.ana, { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = ana;
  await page.goto(`${base}/w/harbor/contacts?f=${encodeURIComponent(FILTER)}&sort=name`);
  await row(page, "Harbor01 Person").waitFor();
  // One column less than usual.
  await page.getByRole("button", { name: "Columns", exact: true }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByRole("checkbox", { name: /Phone/ }).click();
  await page.keyboard.press("Escape");
  await columns.waitFor({ state: "detached" });
  await grid(page).getByRole("columnheader", { name: /Phone/ }).waitFor({ state: "detached" });

  await save(page, "Our customers", true);
  const seen = { heads: await heads(page), names: await names(page) };
  assert.equal(seen.names.length, 6);
  assert.equal(seen.names[0], "Harbor01 Person", "sorted by name");
  await page.getByRole("button", { name: "This view" }).click();
  await page.getByRole("menuitem", { name: "Copy link" }).click();
  await page.getByText("Link copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/w\/harbor\/contacts\?.*view=/);

  // The same for Ben, in his own browser.
  const ben = await browserOf(people.ben);
  await ben.page.goto(link);
  await row(ben.page, "Harbor01 Person").waitFor();
  await eventually(
    async () => assert.deepEqual(await names(ben.page), seen.names),
    "Ben sees the same rows",
  );
  assert.deepEqual(await heads(ben.page), seen.heads, "Ben sees the same columns");
  assert.equal(await tab(ben.page, "Our customers").getAttribute("aria-current"), "page");
  await ben.page.getByRole("main").getByText("is any of", { exact: false }).first().waitFor();
  // Shared by Ana, it is not his to change.
  await ben.page.getByRole("button", { name: "This view" }).click();
  await ben.page.getByRole("menuitem", { name: "Copy link" }).waitFor();
  assert.equal(await ben.page.getByRole("menuitem", { name: "Delete view" }).count(), 0);
  await ben.page.keyboard.press("Escape");

  // A private one: neither in his list nor at its address.
  await page.goto(`${base}/w/harbor/contacts?sort=name&view=all`);
  await row(page, "Harbor05 Person").waitFor();
  await save(page, "Only mine", false);
  const mine = new URL(page.url()).searchParams.get("view");
  assert.equal((await api(ana, "GET", `/api/views/${mine}`)).status, 200);
  assert.equal((await api(ben, "GET", `/api/views/${mine}`)).status, 404);
  await ben.page.goto(`${base}/w/harbor/contacts?view=${mine}`);
  await row(ben.page, "Harbor11 Person").waitFor();
  await tab(ben.page, "Our customers").waitFor();
  assert.equal(await tab(ben.page, "Only mine").count(), 0);
  const theirs = await names(ben.page);
  assert.equal(theirs.length, 12);
  assert.equal(theirs[0], "Harbor11 Person", "nothing of the private view is in force");
});

function tab(page, name) {
  return page
    .getByRole("navigation", { name: "Views" })
    .getByRole("button", { name: new RegExp(`^${name}`) });
}

async function save(page, name, shared) {
  await page.getByRole("button", { name: "Save as view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as a new view" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  if (shared) await dialog.getByRole("switch").click();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await tab(page, name).waitFor();
  await eventually(async () => assert.match(page.url(), /view=/), "the view is in the address");
}

async function heads(page) {
  const found = await grid(page).getByRole("columnheader").allInnerTexts();
  return found.map((text) => text.trim());
}
