// The page breaks only by a defect. One of its framework's is at hand: it trusts that nobody else takes elements out of the page, as
// some browser extensions do.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();

story("a page that breaks says so, and a link holds the run", scenarioHash({ title: "A quiet room", until: "60s" }), async (lab, page) => {
  await lab.addClient("lamp");
  await lab.publish("lamp", "lamps/1/state", "on");
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  await lab.pause();
  // In the past the list of clients gets a line above it.
  await page.evaluate(() => document.querySelector(".client-list").remove());
  await lab.get("start").click();
  const panel = page.getByRole("alert");
  await panel.waitFor();
  assert.match(await panel.textContent(), /Glassbroker stopped.*panicked at/s);
  assert.equal(await page.locator("#lab").evaluate((lab) => lab.inert), true);
  assert.equal(lab.errors.length, 2, lab.errors.join("\n"));
  assert.match(lab.errors.splice(0).at(-1), /RuntimeError/);

  const address = await panel.getByRole("link", { name: "Open the run again" }).getAttribute("href");
  await visit(new URL(address).hash.slice(1), async (other) => {
    await other.toEnd();
    await other.client("lamp").waitFor();
    await other.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  });
});
