// Teacher mode: large, without what distracts, next and back by one key, a laser pointer.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();
const marks = [
  { at: "2s", title: "One", text: "The lamp connects." },
  { at: "40s", title: "Two", text: "It publishes.", pause: true },
];
const TOLD = `${scenarioHash({ title: "A quiet room", about: "One lamp.", until: "60s", clients: [{ id: "lamp" }], marks })}&t=0s`;

const at = async (lab, us) => {
  await lab.page.waitForFunction((us) => document.querySelector("[data-test=clock]").dataset.us === `${us}`, us);
  await lab.computed();
};
const size = (locator) => locator.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));

story("it is large, hides what distracts, and Escape leaves it as it was", TOLD, async (lab, page) => {
  await lab.computed();
  await lab.get("list-ledger").click();
  const small = await size(page.locator(".narration p"));
  await lab.press("t");
  await lab.get("teacher").waitFor();
  assert.ok((await size(page.locator(".narration p"))) > 1.6 * small);
  for (const hidden of [".top", ".transport", ".clients", ".topics", ".broker", ".inspector", ".ledger"]) {
    assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  }
  assert.equal(await lab.get("timeline").isVisible(), true);
  assert.deepEqual(await faults(page), []);
  await lab.get("teacher-clients").click();
  await page.locator(".clients").waitFor();
  await lab.get("teacher-clients").click();
  await page.locator(".clients").waitFor({ state: "hidden" });
  await lab.get("teacher-flow").click();
  await lab.get("flow").waitFor();
  assert.equal(await lab.get("timeline").isVisible(), false);
  const room = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight, document.documentElement.scrollWidth, innerWidth]);
  assert.ok(room[0] <= room[1] && room[2] <= room[3], `${room}`);
  await lab.press("Escape");
  await lab.get("teacher").waitFor({ state: "detached" });
  assert.equal(await page.locator(".ledger").isVisible(), true);
  assert.equal(await page.locator(".broker").isVisible(), true);
  assert.equal(await size(page.locator(".narration p")), small);
});

story("a remote's keys go to the next mark and back", TOLD, async (lab) => {
  await lab.computed();
  await lab.press("t");
  await lab.press("PageDown");
  await lab.page.locator("[data-test=play][aria-label=Pause]").waitFor({ state: "attached" });
  await at(lab, 2_000_000);
  await lab.page.locator("[data-test=play][aria-label=Play]").waitFor({ state: "attached" });
  assert.equal(await lab.playing(), false, "and waits there, whether the mark says so or not");
  await lab.press("ArrowRight");
  await lab.press("ArrowRight");
  await at(lab, 40_000_000);
  assert.equal(await lab.get("teacher-mark").textContent(), "2 of 2");
  await lab.press("PageUp");
  await at(lab, 2_000_000);
  await lab.press("ArrowLeft");
  await at(lab, 0);
});

story("without a narration the keys go by message", scenarioHash({ title: "A quiet room", until: "60s" }), async (lab) => {
  await lab.computed();
  await lab.addClient("lamp");
  await lab.publish("lamp", "lamps/1", "on");
  await lab.toEnd();
  const end = await lab.at();
  await lab.press("t");
  assert.equal(await lab.get("teacher-mark").count(), 0);
  await lab.press("PageUp");
  await lab.computed();
  const message = await lab.at();
  assert.ok(message < end);
  await lab.press("Home");
  await lab.press("PageDown");
  await lab.page.waitForFunction(() => document.querySelector("[data-test=clock]").dataset.us > 0);
});

story("the laser's dot follows the pointer, which is hidden", TOLD, async (lab, page) => {
  await lab.computed();
  await lab.press("l");
  await page.mouse.move(300, 200);
  await page.mouse.move(500, 320);
  const box = await lab.get("laser").locator("span").first().boundingBox();
  assert.deepEqual([box.x + box.width / 2, box.y + box.height / 2], [500, 320]);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("[data-test=timeline]")).cursor), "none");
  assert.equal(await lab.get("laser").locator("span:visible").count(), 1, "no trail where motion is reduced");
  await lab.press("l");
  await lab.get("laser").waitFor({ state: "detached" });
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).cursor), "none");
});

story("a click in the large picture hits what is under the pointer", "v=1&lesson=hello&t=10s&present=1", async (lab, page) => {
  await lab.get("teacher").waitFor();
  await lab.computed();
  const { first } = await lab.inked("--gb-connect");
  await page.mouse.click(first.x, first.y + 6);
  await lab.drawn();
  await lab.press("Escape");
  await lab.get("inspector").filter({ hasText: "CONN" }).waitFor();
});

story("a shared link keeps it", TOLD, async (lab, page) => {
  await lab.computed();
  await lab.press("t");
  await lab.press("Control+k");
  await page.keyboard.type("share");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("present=1"));
  await visit(new URL(page.url()).hash.slice(1), async (other) => other.get("teacher").waitFor());
});
