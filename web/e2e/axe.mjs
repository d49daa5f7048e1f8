/**
 * Every page and what opens over it: axe finds nothing serious or critical.
 *
 *   node e2e/axe.mjs light|dark|phone
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { api, assert, base, browserOf, journey, people } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SETTINGS = [
  "profile",
  "appearance",
  "shortcuts",
  "sessions",
  "account",
  "members",
  "pipelines",
  "tags",
  "services",
  "audit",
];
const OUTSIDE = ["login", "forgot-password", "reset-password", "verify-email", "accept-invitation"];
const [how = "light"] = process.argv.slice(2);
const phone = how === "phone";
const theme = phone ? "light" : how;
const found = [];

await journey(`axe-${how}`, async () => {
  const ana = await browserOf(people.ana);
  const { page } = ana;
  const first = async (slug) =>
    (await api(ana, "GET", `/api/${slug}?limit=1&depth=0`)).body.docs[0].id;
  const [contact, company, deal] = await Promise.all(["contacts", "companies", "deals"].map(first));
  const inside = [
    "",
    "/contacts",
    `/contacts?open=contacts:${contact}`,
    `/contacts/${contact}`,
    `/companies/${company}`,
    "/companies",
    "/deals",
    "/deals?layout=list",
    `/deals/${deal}`,
    "/tasks",
    "/calendar",
    "/activities",
    "/setup",
    ...SETTINGS.map((name) => `/settings/${name}`),
    "/nowhere",
  ].map((path) => `/w/harbor${path}`);
  const pages = [...inside, "/admin", "/admin/contacts", `/admin/contacts/${contact}`];
  const nobody = await browserOf(null);
  for (const { page } of [ana, nobody]) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    if (phone) await page.setViewportSize({ width: 390, height: 844 });
  }
  for (const path of pages) await visit(page, path);
  for (const path of OUTSIDE) await visit(nobody.page, `/${path}`);
  if (!phone) await overlays(page, contact);
  assert.deepEqual(found, []);
});

async function visit(page, path) {
  await page.goto(`${base}${path}`);
  await arrived(page);
  await check(page, path);
}

/** Nothing is on its way any more: what is judged is what people look at. */
async function arrived(page) {
  await page.waitForLoadState("networkidle");
  await page.locator("h1, h2, [role=alert]").filter({ visible: true }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
}

/** What opens over a page, by the keys that open it. */
async function overlays(page, contact) {
  const list = "/w/harbor/contacts";
  const opens = [
    ["the palette", list, (keys) => keys.press("Control+k"), "dialog"],
    ["the sheet of keys", list, (keys) => keys.press("?"), "dialog"],
    ["a new contact", list, (keys) => keys.press("c"), "dialog"],
    ["the filter", list, (keys) => keys.press("f"), "dialog"],
    ["the columns", list, () => press(page, "Columns"), "dialog"],
    ["the order", list, () => press(page, "Sort"), "dialog"],
    ["the groups", list, () => press(page, "Group"), "dialog"],
    ["the menu of a view", list, () => press(page, "This view"), "menu"],
    ["the accounts", list, () => press(page, /switch account/i), "dialog"],
    ["oneself", list, () => press(page, /account menu/i), "menu"],
    ["a record beside its list", list, (keys) => keys.press("o"), "dialog"],
    [
      "what can be done with a record",
      `${list}/${contact}`,
      () => press(page, "More actions"),
      "menu",
    ],
    ["a card's menu", "/w/harbor/deals", () => press(page, /^Actions for/), "menu"],
  ];
  for (const [name, path, open, role] of opens) {
    await page.goto(`${base}${path}`);
    await arrived(page);
    await open(page.keyboard);
    await page.getByRole(role).first().waitFor();
    await arrived(page);
    await check(page, name);
  }
}

function press(page, name) {
  const exact = typeof name === "string";
  return page.getByRole("button", { name, exact }).first().click();
}

async function check(page, where) {
  // The policy of the pages allows no foreign script: axe comes in as a debugger would bring it.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((found) => JSON.stringify(
      found.violations.filter((each) => ["serious", "critical"].includes(each.impact))
        .map((each) => each.id + ": " + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " — " + node.failureSummary.replace(/\\s+/g, " ")).join(" | "))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  await session.detach();
  for (const fault of JSON.parse(result.value)) found.push(`${where}: ${fault}`);
}
