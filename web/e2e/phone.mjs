/** On a phone: the bar at the foot, cards, a record as a sheet, back; nothing is too small to touch. */
import { assert, base, browserOf, eventually, journey, people } from "./browser.mjs";

const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

await journey("phone", async () => {
  const { page } = await browserOf(people.ana, PHONE);
  await page.goto(`${base}/w/harbor`);
  const bar = page.getByRole("navigation", { name: "Main" });
  await bar.getByRole("link", { name: "Contacts" }).tap();
  await page.waitForURL(/\/contacts/);
  const list = page.getByRole("region", { name: "Contacts" });
  await list.getByText("Harbor11 Person").waitFor();
  await fits(page, "the list");
  await touchable(bar, "the bar");

  // A record comes as a sheet; the way back leads to the list.
  await list.getByText("Harbor09 Person").tap();
  const sheet = page.getByRole("dialog", { name: "Contact" });
  await sheet.getByRole("heading", { name: "Harbor09 Person" }).waitFor();
  assert.match(page.url(), /open=contacts/);
  await fits(page, "the sheet");
  await sheet.getByRole("button", { name: "Close" }).tap();
  await sheet.waitFor({ state: "detached" });
  await list.getByText("Harbor09 Person").waitFor();

  // Search.
  await bar.getByRole("button", { name: "Search" }).tap();
  const palette = page.getByRole("dialog");
  await palette.getByRole("combobox").fill("Harbor03");
  await page.getByRole("option", { name: /Harbor03 Person/ }).tap();
  await page.getByRole("heading", { name: "Harbor03 Person" }).waitFor();
  await page.goBack();
  await list.getByText("Harbor11 Person").waitFor();

  // The rest of the places.
  await bar.getByRole("button", { name: "More" }).tap();
  await page.getByRole("dialog", { name: "Menu" }).getByRole("link", { name: "Companies" }).tap();
  await page.waitForURL(/\/companies/);
  await page.getByRole("region", { name: "Companies" }).getByText("Harbor Company 11").waitFor();
  for (const place of ["", "/deals", "/tasks", "/calendar", "/settings/profile"]) {
    await page.goto(`${base}/w/harbor${place}`);
    await page.locator("h1").filter({ visible: true }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await fits(page, place || "home");
  }
});

/** Nothing makes the page wider than the screen. */
async function fits(page, where) {
  await eventually(
    async () =>
      assert.ok(
        (await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 390,
        `${where} is wider than the screen`,
      ),
    where,
    2_000,
  );
}

async function touchable(within, where) {
  for (const target of await within.locator("a, button").all()) {
    const box = await target.boundingBox();
    assert.ok(box && box.width >= 44 && box.height >= 44, `${where}: ${await target.innerText()}`);
  }
}
