/** A walk through the app without a mouse: the focus is always somewhere, and always seen. */
import { api, assert, base, browserOf, eventually, journey, password, people } from "./browser.mjs";
import { grid, reads, row, walkTo } from "./grid.mjs";

await journey("keyboard", async () => {
  const ana = await browserOf(null);
  const { page } = ana;
  const keys = page.keyboard;

  await page.goto(`${base}/login?next=${encodeURIComponent("/w/harbor/contacts")}`);
  await holds(page.getByLabel("Email address"), "the address");
  await keys.type(people.ana);
  await keys.press("Tab");
  await holds(page.getByLabel("Password", { exact: true }), "the password");
  await keys.type(password);
  await keys.press("Enter");
  await row(page, "Harbor11 Person").waitFor();

  // To the rows; every stop on the way is seen.
  await keys.press("Tab");
  for (let stops = 0; !(await has(grid(page))); stops++) {
    assert.ok(stops < 60, "Tab leads to the grid");
    await seen(page);
    await keys.press("Tab");
  }
  for (const key of ["j", "j", "k"]) await keys.press(key);
  await walkTo(page, "Harbor09 Person", "Name");

  // Enter opens the record beside the list; Escape closes it and the rows have the keyboard again.
  await keys.press("Enter");
  const panel = page.getByRole("dialog", { name: "Contact" });
  await panel.getByRole("heading", { name: "Harbor09 Person" }).waitFor();
  await inside(panel, "the panel");
  await keys.press("Escape");
  await panel.waitFor({ state: "detached" });
  await holds(grid(page), "the rows");

  // A cell.
  await walkTo(page, "Harbor09 Person", "Email");
  await keys.press("F2");
  await holds(page.getByRole("textbox", { name: "Email" }), "the editor");
  await keys.press("Control+a");
  await keys.type("ninth@harbor.example");
  await keys.press("Tab");
  await reads(page, "Harbor09 Person", "Email", "ninth@harbor.example");
  await holds(grid(page), "the rows");
  await eventually(async () => {
    const path = "/api/contacts?where[email][equals]=ninth@harbor.example&depth=0";
    assert.equal((await api(ana, "GET", path)).body.totalDocs, 1);
  }, "by the API");
  // Escape leaves a cell as it was.
  await walkTo(page, "Harbor09 Person", "Email");
  await keys.press("Enter");
  await keys.type("nothing");
  await keys.press("Escape");
  await reads(page, "Harbor09 Person", "Email", "ninth@harbor.example");
  await holds(grid(page), "the rows");

  // What opens over the page gives the focus back. On a name letters are commands, elsewhere they are typed.
  await walkTo(page, "Harbor09 Person", "Name");
  const opens = [
    ["?", "dialog"],
    ["Control+k", "dialog"],
    ["f", "dialog"],
    ["c", "dialog"],
  ];
  for (const [key, role] of opens) {
    await keys.press(key);
    const opened = page.getByRole(role).first();
    await opened.waitFor();
    await inside(opened, `what ${key} opens`);
    for (let tries = 0; tries < 3 && (await opened.count()) > 0; tries++) {
      await keys.press("Escape");
      await eventually(async () => assert.equal(await opened.count(), 0), "", 400).catch(
        () => undefined,
      );
    }
    assert.equal(await opened.count(), 0, `Escape closes what ${key} opens`);
    await eventually(
      async () =>
        assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY"),
      `the focus after ${key}`,
    );
    if (!(await has(grid(page)))) await grid(page).focus();
  }

  // On to another page by the palette, back by keys.
  await keys.press("Control+k");
  await page.getByRole("combobox").last().waitFor();
  await keys.type("companies");
  await page
    .getByRole("option", { name: /Companies/ })
    .first()
    .waitFor();
  await keys.press("Enter");
  await page.waitForURL(/\/companies/);
  await row(page, "Harbor Company 11").waitFor();
  await keys.press("g");
  await keys.press("c");
  await page.waitForURL(/\/contacts/);
  await row(page, "Harbor11 Person").waitFor();
  await keys.press("/");
  await holds(page.getByRole("textbox", { name: "Search in contacts" }), "the search");
  await keys.type("Harbor07");
  await eventually(
    async () => assert.equal(await row(page, "Harbor11 Person").count(), 0),
    "found",
  );
  await row(page, "Harbor07 Person").waitFor();
});

function has(locator) {
  return locator.evaluate((element) => element === document.activeElement);
}

function holds(locator, what) {
  return eventually(async () => assert.equal(await has(locator), true), `${what} has the focus`);
}

function inside(locator, what) {
  return eventually(
    async () =>
      assert.equal(await locator.evaluate((e) => e.contains(document.activeElement)), true),
    `the focus is in ${what}`,
  );
}

/** Something about the focused element, or what frames it, differs from when it has no focus. */
async function seen(page) {
  const lost = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "the focus is lost";
    const look = () => {
      let text = "";
      for (let at = element; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        text += `${style.outlineStyle}${style.outlineWidth}${style.boxShadow}${style.backgroundColor}${style.borderColor}|`;
        if (at.offsetWidth > 700) break;
      }
      return text + getComputedStyle(element, "::after").boxShadow;
    };
    const focused = look();
    element.blur();
    const plain = look();
    element.focus({ preventScroll: true, focusVisible: true });
    return focused === plain ? element.outerHTML.slice(0, 160) : null;
  });
  assert.equal(lost, null, "a focus that cannot be seen");
}
