// Work in progress survives a reload of the page, in its own tab and for its own address only.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();
const LINK = "v=1&lesson=hello&t=10s";
const mine = (lab) => lab.get("topic-leaf", { topic: "factory/9/status" });

const again = async (lab, page) => {
  await page.reload();
  await lab.get("play").waitFor();
  await lab.computed();
};

story("what was done, the moment, the panel and the markers are there again", LINK, async (lab, page) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.press("m");
  await lab.toEnd();
  await lab.press("Home");
  await lab.get("next").click();
  await lab.computed();
  await lab.get("list-ledger").click();
  const at = await lab.at();
  assert.ok(at > 0);
  await again(lab, page);
  assert.equal(await lab.at(), at);
  assert.equal(await page.locator(".ledger").isVisible(), true);
  await lab.get("restored").waitFor();
  await lab.toEnd();
  await mine(lab).waitFor();
  await lab.press("g");
  assert.match(await lab.get("go-mark").allTextContents().then((all) => all.join()), /Marker 1/i);
  await page.keyboard.press("Escape");

  await lab.get("start-afresh").click();
  await lab.get("restored").waitFor({ state: "detached" });
  await lab.computed();
  assert.equal(await lab.at(), 10_000_000);
  await lab.toEnd();
  assert.equal(await mine(lab).count(), 0);
  assert.equal(page.url().split("#")[1], LINK);
});

story("another address wins, also one that is typed", LINK, async (lab, page) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await page.goto("about:blank");
  await page.goBack();
  await lab.get("restored").waitFor();
  await page.evaluate(() => (location.hash = "v=1&lesson=qos&t=5s"));
  await lab.get("restored").waitFor({ state: "detached" });
  await again(lab, page);
  assert.equal(await lab.get("scenario").inputValue(), "qos");
  assert.equal(await lab.get("restored").count(), 0, "the address says it all");
});

story("another tab begins as the address says", LINK, async (lab, page) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator("[data-test=play]").waitFor();
  assert.equal(await other.locator("[data-test=restored]").count(), 0);
  await other.close();
});

story("a run that is too long for a link survives a reload and a defect of the page", scenarioHash({ title: "A quiet room", until: "60s" }), async (lab, page) => {
  await lab.addClient("lamp");
  // Letters that do not compress well.
  let state = 7;
  const long = Array.from({ length: 14_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  }).join("");
  await lab.publish("lamp", "lamps/1/state", long);
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  await lab.pause();
  await again(lab, page);
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();

  await page.evaluate(() => document.querySelector(".client-list").remove());
  await lab.get("start").click();
  const panel = page.getByRole("alert");
  await panel.waitFor();
  lab.errors.splice(0);
  assert.equal(await panel.getByRole("link", { name: "Open the run again" }).count(), 0);
  const download = page.waitForEvent("download");
  await panel.getByRole("link", { name: "Save the run as a file" }).click();
  const path = await (await download).path();
  await visit("v=1&lesson=empty", async (other) => {
    await other.get("open-file").setInputFiles({ name: "run.json", mimeType: "application/json", buffer: await readFile(path) });
    await other.client("lamp").waitFor();
    await other.toEnd();
    await other.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  });
});
