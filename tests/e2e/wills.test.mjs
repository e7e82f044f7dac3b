// The matrix of ways to die: every cell is a run of its own, and opens it.
import assert from "node:assert/strict";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const LINK = "v=1&lesson=will&t=5s&view=wills";

const cell = (lab, way, profile) => lab.get("will-cell", { way, profile });
const fate = (lab, way, profile) => cell(lab, way, profile).getAttribute("data-fate");

// [W3] [aws.will.websocket-close] [mosquitto.will.takeover]
story("a link opens the matrix, with a verdict for every ending and profile", LINK, async (lab) => {
  await lab.computed();
  assert.equal(await fate(lab, "websocket-close", "mqtt"), "sent");
  assert.equal(await fate(lab, "websocket-close", "aws-iot-core"), "not-sent");
  assert.equal(await fate(lab, "taken-over", "mosquitto-2.0"), "not-sent");
  assert.equal(await fate(lab, "not-authorized", "vernemq"), "alive");
  assert.match(await cell(lab, "network-cut", "mqtt").getAttribute("aria-label"), /sent, 15 s after the end began/);
  // An older edition is spoken to in 3.1.1, which has no DISCONNECT that keeps the Will.
  assert.equal(await fate(lab, "disconnect-with-will", "aws-iot-core-2022"), "none");
  await lab.get("wills-delay").selectOption("10 s");
  assert.equal(await fate(lab, "network-cut", "mqtt"), "delayed");
  assert.equal(await fate(lab, "taken-over", "mqtt"), "not-sent", "the client is back before the delay has passed");
  await lab.get("wills-version").selectOption("3.1.1");
  assert.equal(await lab.get("wills-delay").isDisabled(), true);
  assert.equal(await fate(lab, "taken-over", "mqtt"), "sent");
});

// [W3]
story("a cell opens its run at the verdict, and one finds back", LINK, async (lab, page) => {
  await lab.computed();
  await cell(lab, "websocket-close", "aws-iot-core").click();
  await lab.computed();
  assert.equal(await lab.get("profile").inputValue(), "aws-iot-core");
  assert.match(await lab.get("inspector").innerText(), /will\.discarded.*aws\.will\.websocket-close/s);
  assert.match(await lab.get("happened").innerText(), /./);
  assert.ok(await lab.inked("--gb-will"), "the Will is on the timeline");
  assert.equal(await cell(lab, "websocket-close", "aws-iot-core").getAttribute("aria-pressed"), "true");
  assert.match(new URL(page.url()).hash, /run=/, "the address leads to it");
  // From cell to cell, and still back to where one was.
  await cell(lab, "websocket-close", "mqtt").click();
  await lab.computed();
  assert.match(await lab.get("inspector").innerText(), /will\.sent.*MQTT-3\.1\.2-8/s);
  await lab.get("cell-back").locator("visible=true").click();
  await lab.computed();
  assert.equal(await lab.at(), 5_000_000);
  assert.match(new URL(page.url()).hash, /lesson=will/);
  assert.equal(await lab.get("cell-back").count(), 0);
});

story("what was done by hand is there again after a look at a cell", LINK, async (lab) => {
  await lab.computed();
  await lab.client("watcher").locator('[data-test="disconnect"]').click();
  await lab.toEnd();
  await cell(lab, "operator", "vernemq").click();
  await lab.computed();
  await lab.get("cell-back").locator("visible=true").click();
  await lab.computed();
  await lab.clientIs("watcher", "offline");
});

story("the run's own settings have a column", `${scenarioHash({
  title: "Mine", until: "5s", broker: { profile: "aws-iot-core", set: { "will.on_websocket_close": true } }, clients: [{ id: "a" }],
})}&view=wills&t=1s`, async (lab) => {
  await lab.computed();
  const fates = await cell(lab, "websocket-close", "aws-iot-core").evaluateAll((all) => all.map((one) => one.dataset.fate));
  assert.deepEqual(fates, ["sent", "not-sent"], "this run's, and the profile's");
  await cell(lab, "websocket-close", "aws-iot-core").first().click();
  await lab.computed();
  assert.match(await lab.get("inspector").innerText(), /will\.sent/);
  assert.equal(await cell(lab, "websocket-close", "aws-iot-core").count(), 2, "also while one of its cells is open");
});

story("the keyboard moves in the matrix and opens a cell", LINK, async (lab, page) => {
  await lab.computed();
  const tabbable = page.locator('[data-test=will-cell][tabindex="0"]');
  assert.equal(await tabbable.count(), 1, "one stop for the whole table");
  await tabbable.focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  assert.match(await lab.get("wills-told").innerText(), /WebSocket Close frame, aws-iot-core: not sent/);
  assert.match(await lab.get("wills-told").innerText(), /aws\.will\.websocket-close\s*documented/);
  await page.keyboard.press("ArrowDown");
  assert.match(await lab.get("wills-told").innerText(), /MQTT-3\.1\.2-8.*aws\.connect\.keep-alive\s*documented/s, "why it is later here");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  assert.match(await lab.get("wills-told").innerText(), /vernemq: sent at once/);
  await page.keyboard.press("Enter");
  await lab.computed();
  assert.equal(await lab.get("profile").inputValue(), "vernemq");
});

story("on a phone a cell leads to the timeline, and one comes back to the matrix", LINK, async (lab, page) => {
  await lab.computed();
  await cell(lab, "network-cut", "mqtt").tap();
  await lab.computed();
  await lab.get("timeline-summary").filter({ hasText: "arrows" }).waitFor({ state: "attached" });
  assert.ok((await lab.painted()).arrows > 3, "the timeline is painted");
  assert.match(await lab.get("open-cell").innerText(), /Network cut, and silence, mqtt: sent, 15 s/);
  await lab.get("to-matrix").tap();
  await lab.drawn();
  assert.equal(await lab.get("wills").isVisible(), true);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, "only the table scrolls sideways");
}, PHONE);
