/** The server is away, slow, refuses, fails: each has a face that says what to do, and goes when it is over. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";
import { cell, grid, reads, row } from "./grid.mjs";

const NOBODY = "01900000-0000-7000-8000-000000000000";

await journey("faces", async () => {
  const ana = await browserOf(people.ana);
  await away(ana);
  await slow(ana);
  await broken(ana);
  await limited(ana);
  await missing(ana);
  await notUnderstood(ana);
  await inUse(ana);
  await forbidden();
  // Requests that were cut off on purpose are all that was complained of.
  for (const { faults } of [ana]) faults.splice(0, faults.length, ...faults.filter(isOurs));
});

function isOurs(fault) {
  return !/ERR_|Failed to load resource|Failed to fetch/.test(fault);
}

/** Nobody answers: an edit comes back, the page says so, and everything goes on when the server is there again. */
async function away({ page, context }) {
  await page.goto(`${base}/w/harbor/contacts`);
  await row(page, "Harbor00 Person").waitFor();
  await context.route("**/api/**", (route) => route.abort("connectionrefused"));
  await (await cell(page, "Harbor00 Person", "Email")).dblclick();
  const box = page.getByRole("textbox", { name: "Email" });
  await box.fill("lost@harbor.example");
  await box.press("Enter");
  await page.getByRole("alert").filter({ hasText: "Not saved" }).waitFor();
  await reads(page, "Harbor00 Person", "Email", "person00@harbor.example");
  const banner = page.getByRole("status").filter({ hasText: "The server cannot be reached" });
  await banner.waitFor();
  await page.getByRole("link", { name: "Companies", exact: true }).first().click();
  await face(page, "The server cannot be reached").waitFor();
  await context.unroute("**/api/**");
  await banner.getByRole("button", { name: "Try now" }).click();
  await page.getByText("You are back online.").waitFor();
  await row(page, "Harbor Company 00").waitFor();
}

async function slow({ page, context }) {
  const held = [];
  await context.route("**/api/deals**", (route) => held.push(route));
  await page.getByRole("link", { name: "Deals", exact: true }).first().click();
  const notice = page.getByText("The server is taking longer than usual.");
  await notice.waitFor();
  for (const route of held.splice(0)) await route.continue();
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await page.locator("[data-card]").first().waitFor();
  await notice.waitFor({ state: "detached" });
}

/** Too much was asked for: soon a list comes by itself, else it is said how long to wait; and so at the door. */
async function limited({ page, context }) {
  let away = ["1"];
  await context.route("**/api/companies?**", (route) => {
    const after = away.shift();
    return after ? route.fulfill(turnedAway(after)) : route.continue();
  });
  await page.goto(`${base}/w/harbor/companies`);
  const banner = page.getByRole("status").filter({ hasText: "Too many requests" });
  await banner.waitFor();
  await row(page, "Harbor Company 00").waitFor();
  await banner.waitFor({ state: "detached" });

  away = ["60", "60", "60", "60"];
  await page.reload();
  await face(page, "Too many at once").waitFor();
  await page
    .getByText(/Try again in \d+\sseconds/)
    .first()
    .waitFor();
  away = [];
  await page.getByRole("button", { name: "Try again" }).click();
  await row(page, "Harbor Company 00").waitFor();
  await context.unrouteAll({ behavior: "ignoreErrors" });

  const stranger = await browserOf(null);
  await stranger.context.route("**/api/users/login", (route) => route.fulfill(turnedAway("2")));
  await stranger.page.goto(`${base}/login`);
  await stranger.page.getByLabel("Email address").fill(people.ana);
  await stranger.page.getByLabel("Password", { exact: true }).fill("not the password");
  await stranger.page.keyboard.press("Enter");
  await stranger.page
    .getByText(/Too many tries in a short time. Try again in/)
    .first()
    .waitFor();
  await stranger.page.getByText("You can try again now.").first().waitFor();
}

function turnedAway(after) {
  return {
    status: 429,
    headers: { "retry-after": after },
    json: { errors: [{ message: `Too many requests. Try again in ${after} seconds.` }] },
  };
}

/** A fault of ours shows the number to ask about, and another try. */
async function broken({ page, context }) {
  const id = "req-0451";
  await context.route("**/api/notes?**", (route) =>
    route.fulfill({
      status: 500,
      headers: { "x-request-id": id },
      json: { errors: [{ message: "Something went wrong." }] },
    }),
  );
  await page.goto(`${base}/w/harbor/notes`);
  await face(page, "Something went wrong on our side").waitFor();
  await page.getByText(id).waitFor();
  await context.unroute("**/api/notes?**");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.getByRole("heading", { name: "Your notes will be here" }).waitFor();
}

async function missing({ page }) {
  for (const path of [`contacts/${NOBODY}`, "deals/nonsense", "nonsense"]) {
    await page.goto(`${base}/w/harbor/${path}`);
    await face(page, "Not found").waitFor();
  }
  await page.goto(`${base}/w/nowhere/contacts`);
  await face(page, "Not found").waitFor();
  await page.getByRole("link", { name: "Go to the start" }).click();
  await page.waitForURL(/\/w\/harbor/);
}

/** A filter on a field that is not there: said, and taken away from the page itself. */
async function notUnderstood({ page }) {
  const filter = JSON.stringify(["and", ["nonsense", "equals", "x"]]);
  await page.goto(`${base}/w/harbor/contacts?f=${encodeURIComponent(filter)}`);
  await face(page, "That was not understood").waitFor();
  await page
    .getByText(/nonsense/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Reset" }).click();
  await row(page, "Harbor00 Person").waitFor();
}

/** A stage in which deals stand is not deleted: they are moved first. */
async function inUse(ana) {
  const { page } = ana;
  const stages = async () => (await api(ana, "GET", "/api/stages?limit=20&depth=0")).body.docs;
  const proposal = (await stages()).find((stage) => stage.name === "Proposal");
  assert.equal((await api(ana, "DELETE", `/api/stages/${proposal.id}`)).status, 409);
  await page.goto(`${base}/w/harbor/settings/pipelines`);
  await page.getByRole("button", { name: /Delete.*Proposal/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByText(/4 deals/)
    .first()
    .waitFor();
  await dialog.getByRole("combobox").click();
  await page.getByRole("option", { name: "Qualified" }).click();
  await dialog.getByRole("button", { name: /Move/ }).click();
  await dialog.waitFor({ state: "detached" });
  await eventually(
    async () =>
      assert.equal(
        (await stages()).some((stage) => stage.name === "Proposal"),
        false,
      ),
    "the stage is gone",
  );
  const moved = await api(ana, "GET", "/api/deals/count?where[stage.name][equals]=Qualified");
  assert.equal(moved.body.totalDocs, 8);
}

async function forbidden() {
  const { page } = await browserOf(people.vera);
  await page.goto(`${base}/w/harbor/contacts`);
  await row(page, "Harbor00 Person").waitFor();
  assert.equal(await page.getByRole("button", { name: "New contact" }).count(), 0);
  assert.equal(await grid(page).getByRole("checkbox").count(), 0);
  await (await cell(page, "Harbor00 Person", "Email")).dblclick();
  await page.getByText("Email cannot be edited here").waitFor();
  await page.goto(`${base}/admin`);
  await face(page, "You may not see this").waitFor();
}

function face(page, title) {
  return page.getByRole("heading", { name: title });
}
