/** The grid of a list, as a person speaks of it: the cell of somebody under a heading. */
import { assert, eventually } from "./browser.mjs";

export const grid = (page) => page.getByRole("grid");

export const row = (page, name) =>
  grid(page)
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name, exact: true }) });

export async function cell(page, name, heading) {
  const head = grid(page).getByRole("columnheader", { name: heading }).first();
  const index = await head.getAttribute("aria-colindex");
  assert.notEqual(index, null, `no column ${heading}`);
  return row(page, name).locator(`[aria-colindex="${index}"]`);
}

export async function reads(page, name, heading, text) {
  const found = await cell(page, name, heading);
  await eventually(
    async () => assert.equal((await found.innerText()).trim(), text),
    `${heading} of ${name}`,
  );
}

/** Names in the order of the rows. */
export async function names(page) {
  const texts = await grid(page).locator("[data-row] [data-col='0']").allInnerTexts();
  // Beside the picture, which is drawn with initials.
  return texts.map((text) => text.trim().split("\n").at(-1));
}

/** Moves the cursor by arrows, from wherever it is, to a cell. */
export async function walkTo(page, name, heading) {
  const goal = await cell(page, name, heading);
  const id = await goal.getAttribute("id");
  const at = async () => (await grid(page).getAttribute("aria-activedescendant")) ?? "";
  const parts = (text) => text.split("-").slice(-2).map(Number);
  const [row, col] = parts(id);
  for (let steps = 0; steps < 60; steps++) {
    const [r, c] = parts(await at());
    if (r === row && c === col) return;
    const key = r < row ? "ArrowDown" : r > row ? "ArrowUp" : c < col ? "ArrowRight" : "ArrowLeft";
    await page.keyboard.press(key);
  }
  throw new Error(`the cursor does not come to ${heading} of ${name}`);
}
