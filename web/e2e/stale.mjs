/** A tab of an older build reloads itself, once, and what was being written is still there. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";

const DRAFT = "Half a thought about the berth";

await journey("stale", async () => {
  const ana = await browserOf(people.ana);
  const { page, context } = ana;
  const { docs } = (await api(ana, "GET", "/api/contacts?limit=1&depth=0")).body;
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  await page.goto(`${base}/w/harbor/contacts/${docs[0].id}`);
  await page.getByRole("button", { name: "Write a note…" }).click();
  const note = page.getByRole("textbox", { name: /note/i });
  await note.fill(DRAFT);
  const before = loads;

  // From now on the server is of another build.
  await context.route("**/api/**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "x-app-build": "next" } });
  });
  // Whoever still writes is not interrupted.
  await page.getByRole("tab", { name: /Deals/ }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await eventually(async () => assert.equal(loads, before + 1), "the tab reloads itself", 20_000);
  await eventually(async () => assert.equal(await note.inputValue(), DRAFT), "the draft is there");

  // The next build did not come with it: the tab says so and does not reload again and again.
  await page.getByText("A new version is ready").waitFor({ timeout: 20_000 });
  assert.equal(loads, before + 1, "once");
  await context.unroute("**/api/**");
});
