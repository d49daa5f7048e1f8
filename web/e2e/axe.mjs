/** Every page in both themes, wide and narrow: axe finds nothing serious or critical. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { api, assert, base, browserOf, journey, people } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

await journey("axe", async () => {
  const ana = await browserOf(people.ana);
  const first = async (slug) =>
    (await api(ana, "GET", `/api/${slug}?limit=1&depth=0`)).body.docs[0].id;
  const contact = await first("contacts");
  const deal = await first("deals");
  const inside = [
    "",
    "/contacts",
    `/contacts?open=contacts:${contact}`,
    `/contacts/${contact}`,
    "/companies",
    "/deals",
    "/deals?layout=list",
    `/deals/${deal}`,
    "/tasks",
    "/calendar",
    "/activities",
    "/setup",
    ...[
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
    ].map((page) => `/settings/${page}`),
    "/nowhere",
  ].map((path) => `/w/harbor${path}`);
  const pages = [...inside, "/admin", "/admin/contacts", `/admin/contacts/${contact}`];
  const outside = [
    "/login",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/accept-invitation",
  ];
  const nobody = await browserOf(null);
  for (const theme of ["light", "dark"]) {
    for (const path of pages) await check(ana, path, theme);
    for (const path of outside) await check(nobody, path, theme);
  }
  await ana.page.setViewportSize({ width: 390, height: 844 });
  for (const path of pages.slice(0, 12)) await check(ana, path, "light");
});

async function check({ page }, path, theme) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.goto(`${base}${path}`);
  await page.waitForLoadState("networkidle");
  // The policy of the pages allows no foreign script: axe comes in as a debugger would bring it.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((found) => JSON.stringify(
      found.violations.filter((each) => ["serious", "critical"].includes(each.impact))
        .map((each) => ({ id: each.id, nodes: each.nodes.slice(0, 4).map((node) => node.html.slice(0, 200) + " — " + node.failureSummary) }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  await session.detach();
  assert.deepEqual(JSON.parse(result.value), [], `${path} in ${theme}`);
}
