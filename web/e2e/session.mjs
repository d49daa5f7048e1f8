/** A session that is revoked elsewhere ends at the door, and one comes back to where one was. */
import { api, assert, base, browserOf, journey, password, people } from "./browser.mjs";

await journey("session", async () => {
  const ana = await browserOf(people.ana);
  const { page } = ana;
  await page.goto(`${base}/w/harbor/contacts`);
  await page.getByRole("grid").waitFor();

  // Somewhere else, Ana signs out everywhere.
  const phone = await browserOf(people.ana);
  const left = await api(phone, "POST", "/api/users/logout?allSessions=true", {});
  assert.equal(left.status, 200);

  // The next thing she does here leads to the door.
  await page.getByRole("link", { name: "Companies", exact: true }).first().click();
  await page.waitForURL(/\/login\?next=/);

  // The form, by keyboard alone; then back to where she was going.
  await page.getByLabel("Email address").fill(people.ana);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").first().waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/w\/harbor\/companies/);
  await page.getByRole("grid").waitFor();
});
