/** Whatever a person of one account searches, lists or opens, a sibling's records are not there. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";

await journey("isolation", async () => {
  const sibling = await browserOf(people.sibling);
  const theirs = (await api(sibling, "GET", "/api/contacts?limit=1&depth=0")).body.docs[0];
  assert.match(theirs.name, /^Lagoon/);
  const deal = (await api(sibling, "GET", "/api/deals?limit=1&depth=0")).body.docs[0];

  const ana = await browserOf(people.ana);
  const { page } = ana;
  const sees = async () => (await page.locator("body").innerText()).includes("Lagoon");

  for (const path of [
    "",
    "/contacts",
    "/companies",
    "/deals",
    "/deals?layout=list",
    "/activities",
  ]) {
    await page.goto(`${base}/w/harbor${path}`);
    await page
      .getByText(/Harbor/)
      .first()
      .waitFor();
    await page.waitForLoadState("networkidle");
    assert.equal(await sees(), false, `a sibling's record at ${path}`);
  }

  // The palette knows only her own.
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox").last();
  await box.fill("Person");
  await page
    .getByRole("option", { name: /Harbor/ })
    .first()
    .waitFor();
  assert.equal(await sees(), false, "a sibling's record in the palette");
  await box.fill("Lagoon");
  await eventually(
    async () => assert.equal(await page.getByRole("option", { name: /Lagoon\d\d/ }).count(), 0),
    "palette",
  );
  await page.keyboard.press("Escape");

  // Addresses that name a sibling's record, account, or both.
  for (const path of [
    `/w/harbor/contacts/${theirs.id}`,
    `/w/harbor/deals/${deal.id}`,
    "/w/lagoon/contacts",
  ]) {
    await page.goto(`${base}${path}`);
    await page.getByRole("heading", { name: "Not found" }).waitFor();
    assert.equal(
      (await page.locator("main").last().innerText()).includes(theirs.name),
      false,
      path,
    );
  }
  await page.goto(`${base}/w/harbor/contacts?open=contacts:${theirs.id}`);
  await page.getByText("Not found").waitFor();
});
