/** What somebody writes into any field is text wherever it is shown: nothing of it runs. */
import { api, assert, base, browserOf, journey, people } from "./browser.mjs";

const MARK = "pwned";
const IMAGE = `<img src=x onerror="window.${MARK}=1">`;
const BREAK = `"><script>window.${MARK}=1</script>`;
const LINK = `javascript:window.${MARK}=1`;
const ALL = `${IMAGE} ${BREAK} ${LINK}`;

await journey("payloads", async () => {
  const ana = await browserOf(people.ana);
  const { page } = ana;
  page.on("dialog", () => {
    throw new Error("a script opened a dialog");
  });
  const made = await furnish(ana);
  const inside = [
    "",
    "/contacts",
    `/contacts?open=contacts:${made.contacts}`,
    "/companies",
    "/deals",
    "/deals?layout=list",
    "/tasks",
    "/calendar",
    "/activities",
    "/notes",
    "/settings/tags",
    "/settings/account",
    "/settings/audit",
    ...["contacts", "companies", "deals", "tasks", "notes", "activities"].map(
      (slug) => `/${slug}/${made[slug]}`,
    ),
  ].map((path) => `/w/harbor${path}`);
  const shown = new Map();
  for (const path of [...inside, "/admin/contacts", `/admin/contacts/${made.contacts}`]) {
    await page.goto(`${base}${path}`);
    await page.locator("h1, h2, [role=alert]").filter({ visible: true }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await clean(page, path);
    shown.set(path, (await page.locator("body").innerText()).includes("onerror="));
  }
  // Shown as it was written, so that the check above has seen it.
  for (const path of ["/contacts", "/companies", "/deals", "/tasks", "/activities", "/notes"]) {
    assert.ok(shown.get(`/w/harbor${path}`), `${path} shows what was written`);
  }
  await page.goto(`${base}/w/harbor/contacts`);
  await page.getByRole("grid").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").last().fill("img");
  await page
    .getByRole("option", { name: /onerror/ })
    .first()
    .waitFor();
  await clean(page, "the palette");
});

/** In every text field that takes it; links in the fields for links are refused or harmless. */
async function furnish(ana) {
  const make = async (slug, data) => {
    const { status, body } = await api(ana, "POST", `/api/${slug}`, data);
    assert.equal(status, 201, `${slug}: ${JSON.stringify(body)}`);
    return body.doc.id;
  };
  const first = async (slug) =>
    (await api(ana, "GET", `/api/${slug}?limit=1&depth=0`)).body.docs[0];
  const stage = await first("stages");
  const tag = await make("tags", { name: IMAGE });
  const company = await make("companies", { name: ALL, tags: [tag] });
  const contact = await make("contacts", {
    firstName: IMAGE,
    lastName: BREAK,
    jobTitle: ALL,
    company,
    tags: [tag],
  });
  const deal = await make("deals", {
    name: ALL,
    stage: stage.id,
    primaryContact: contact,
    lostReason: ALL,
  });
  const today = new Date(Date.now() + 3_600_000).toISOString();
  const task = await make("tasks", { title: ALL, due: today, contact });
  const note = await make("notes", { body: ALL, contact });
  const activity = await make("activities", { kind: "note", subject: ALL, body: ALL, contact });
  await make("views", { name: ALL, collection: "contacts", layout: "list", shared: true });
  const tenant = (await first("contacts")).tenant;
  const renamed = await api(ana, "PATCH", `/api/tenants/${tenant?.id ?? tenant}`, { name: ALL });
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
  // Addresses that run are no addresses.
  const site = (await api(ana, "GET", "/api/schema")).body.collections
    .find((each) => each.slug === "companies")
    .fields.find((field) => field.type === "url");
  if (site) {
    const answer = await api(ana, "PATCH", `/api/companies/${company}`, { [site.name]: LINK });
    assert.equal(answer.status, 400, "a script is no address");
  }
  return {
    contacts: contact,
    companies: company,
    deals: deal,
    tasks: task,
    notes: note,
    activities: activity,
  };
}

async function clean(page, where) {
  const found = await page.evaluate((mark) => {
    const bad = [...document.querySelectorAll("*")].filter((element) =>
      [...element.attributes].some(
        ({ name, value }) =>
          name.startsWith("on") ||
          (["href", "src", "action", "formaction"].includes(name) &&
            /^\s*javascript:/i.test(value)),
      ),
    );
    const scripts = [...document.scripts].filter((script) => script.textContent.includes(mark));
    return {
      ran: mark in window,
      bad: [...bad, ...scripts].map((each) => each.outerHTML.slice(0, 200)),
    };
  }, MARK);
  assert.deepEqual(found, { ran: false, bad: [] }, where);
}
