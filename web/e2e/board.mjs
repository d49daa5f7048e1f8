/** Deals are dragged by mouse, carried by the keyboard, moved on a phone; the timeline and a reload know it. */
import { api, assert, base, browserOf, eventually, journey, people } from "./browser.mjs";

const DRAGGED = "Harbor Deal 00";
const CARRIED = "Harbor Deal 03";
const LOST = "Harbor Deal 06";
const TAPPED = "Harbor Deal 09";

await journey("board", async () => {
  const ana = await browserOf(people.ana, { viewport: { width: 1760, height: 900 } });
  const { page } = ana;
  const stageOf = async (name) => {
    const path = `/api/deals?where[name][equals]=${encodeURIComponent(name)}&depth=1`;
    const [deal] = (await api(ana, "GET", path)).body.docs;
    return { stage: deal.stage.name, id: deal.id, reason: deal.lostReason ?? null };
  };
  const stands = (name, stage) =>
    eventually(async () => assert.equal((await stageOf(name)).stage, stage), `${name} by the API`);

  await page.goto(`${base}/w/harbor/deals`);
  await card(page, DRAGGED).waitFor();
  await card(page, "Harbor Deal 01").waitFor();
  await isIn(page, DRAGGED, "New");

  // By mouse, to a place between two others.
  await drag(page, card(page, DRAGGED), card(page, "Harbor Deal 04"));
  await isIn(page, DRAGGED, "Qualified");
  await stands(DRAGGED, "Qualified");
  await says(page, /^Moved Harbor Deal 00 to Qualified, position \d of 5$/);
  const order = await cards(page, "Qualified");
  assert.ok(order.indexOf(DRAGGED) > 0 && order.indexOf(DRAGGED) < order.length - 1, `${order}`);
  await page.getByRole("region", { name: "Qualified: 5" }).waitFor();

  // By keyboard: to the right, then down; the focus goes along.
  await card(page, CARRIED).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await isIn(page, CARRIED, "Qualified");
  await says(page, /^Moved Harbor Deal 03 to Qualified, position \d of 6$/);
  await eventually(async () => assert.equal(await focused(page), CARRIED), "the focus goes along");
  await stands(CARRIED, "Qualified");
  const before = (await cards(page, "Qualified")).indexOf(CARRIED);
  await page.keyboard.press("Alt+ArrowDown");
  await eventually(
    async () => assert.equal((await cards(page, "Qualified")).indexOf(CARRIED), before + 1),
    "one place down",
  );
  await says(page, new RegExp(`position ${before + 2} of 6$`));
  await eventually(async () => assert.equal(await focused(page), CARRIED), "the focus stays on it");

  // The order is kept.
  const kept = await cards(page, "Qualified");
  await eventually(async () => {
    const path = "/api/deals?where[stage.name][equals]=Qualified&sort=position,id&depth=0";
    const { docs } = (await api(ana, "GET", path)).body;
    assert.deepEqual(
      docs.map((deal) => deal.name),
      kept,
    );
  }, "the order by the API");
  await page.reload();
  await card(page, CARRIED).waitFor();
  await eventually(
    async () => assert.deepEqual(await cards(page, "Qualified"), kept),
    "the order after a reload",
  );

  // Both are told on their timelines.
  for (const name of [DRAGGED, CARRIED]) {
    await page.goto(`${base}/w/harbor/deals/${(await stageOf(name)).id}`);
    await page.getByRole("heading", { name }).waitFor();
    const told = page.getByRole("listitem").filter({ hasText: /Stage\s*New\s*Qualified/ });
    await told.first().waitFor();
    assert.equal(await told.count(), 1, `${name} has moved once`);
  }

  // Lost asks why; whoever cancels has moved nothing.
  await page.goto(`${base}/w/harbor/deals`);
  await card(page, LOST).waitFor();
  const why = page.getByRole("dialog", { name: "Why was it lost?" });
  await drag(page, card(page, LOST), page.getByRole("region", { name: "Lost: 0" }));
  await why.getByRole("button", { name: "Cancel" }).click();
  await why.waitFor({ state: "detached" });
  await isIn(page, LOST, "New");
  assert.deepEqual(await stageOf(LOST).then(({ stage, reason }) => [stage, reason]), ["New", null]);
  await drag(page, card(page, LOST), page.getByRole("region", { name: "Lost: 0" }));
  await why.getByRole("textbox", { name: "Reason" }).fill("Chose a competitor");
  await page.keyboard.press("Enter");
  await isIn(page, LOST, "Lost");
  await stands(LOST, "Lost");
  assert.equal((await stageOf(LOST)).reason, "Chose a competitor");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await isIn(page, LOST, "New");
  await stands(LOST, "New");

  // On a phone nothing is dragged: the menu of a card moves it.
  const phone = await browserOf(people.ben, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await phone.page.goto(`${base}/w/harbor/deals`);
  await card(phone.page, TAPPED).waitFor();
  await phone.page.getByRole("button", { name: `Actions for ${TAPPED}` }).tap();
  await phone.page.getByRole("menuitem", { name: "Proposal" }).tap();
  await stands(TAPPED, "Proposal");
  const tabs = phone.page.getByRole("navigation", { name: "Columns" });
  await tabs.getByRole("button", { name: /^Proposal/ }).tap();
  await isIn(phone.page, TAPPED, "Proposal");
});

function card(page, name) {
  return page.locator("[data-card]").getByRole("link", { name, exact: true });
}

function column(page, name) {
  return page.getByRole("region", { name: new RegExp(`^${name}: `) });
}

function cards(page, name) {
  return column(page, name).locator("[data-card] a").allInnerTexts();
}

async function isIn(page, name, stage) {
  await column(page, stage).getByRole("link", { name, exact: true }).waitFor();
}

async function says(page, text) {
  const live = page.locator("main [aria-live=assertive]");
  await eventually(async () => assert.match(await live.innerText(), text), "the announcement");
}

function focused(page) {
  return page.evaluate(() => document.activeElement?.textContent ?? "");
}

/** As a hand does it: pick up, move over in steps, hold above the middle, let go. */
async function drag(page, from, to) {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  assert.ok(start && end, "both ends are on screen");
  await page.mouse.move(start.x + 20, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y + start.height / 2 + 8, { steps: 4 });
  const [x, y] = [end.x + end.width / 2, end.y + Math.min(end.height / 2, 120)];
  await page.mouse.move(x, y, { steps: 12 });
  await page.mouse.move(x, y + 2, { steps: 2 });
  await page.mouse.up();
}
