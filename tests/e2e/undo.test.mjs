// Undo and redo of what was done by hand, told in words.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();
const LINK = "v=1&lesson=hello&t=10s";

const said = async (lab, text) => {
  await lab.page.locator("[data-test=notice]", { hasText: text }).waitFor();
  return lab.get("notice").locator("span").textContent();
};
const leaf = (lab) => lab.get("topic-leaf", { topic: "factory/9/status" });

story("an undone deed was never done, and a redone one never undone", LINK, async (lab) => {
  await lab.computed();
  assert.equal(await lab.get("undo").isDisabled(), true);
  await lab.toEnd();
  const untouched = await lab.events();
  await lab.scrub(0);
  await lab.get("open-time").click();
  await lab.get("go-time").fill("10s");
  await lab.get("go").click();
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.toEnd();
  await leaf(lab).waitFor();
  const touched = await lab.events();

  await lab.press("Control+z");
  assert.equal(
    await said(lab, "Undone"),
    "Undone: machine published to factory/9/status at 0:10.000. It had begun a branch: this is the branch before, and that one stays.",
  );
  await lab.computed();
  assert.equal(await lab.at(), 30_000_000, "the same moment, as it is without");
  assert.equal(await leaf(lab).count(), 0);
  assert.equal(await lab.events(), untouched);

  await lab.press("Control+Shift+z");
  assert.equal(await said(lab, "Redone"), "Redone: machine published to factory/9/status at 0:10.000.");
  await lab.toEnd();
  await leaf(lab).waitFor();
  assert.equal(await lab.events(), touched);
});

story("deeds at the head go one by one, and a client that was added goes with its connection", LINK, async (lab) => {
  await lab.computed();
  await lab.get("undo").waitFor();
  await lab.get("add-client").click();
  await lab.get("client-id").fill("late");
  await lab.get("add-client-go").click();
  await lab.client("late").waitFor();
  await lab.publish("machine", "factory/9/status", "by hand");
  const events = await lab.events();
  await lab.get("undo").click();
  assert.match(await said(lab, "Undone"), /^Undone: machine published to factory\/9\/status at 0:10\.000\.$/);
  await lab.computed();
  assert.equal(await lab.at(), 10_000_000);
  assert.equal(await lab.client("late").count(), 1);
  assert.match(await lab.get("undo").getAttribute("aria-label"), /^Undo: late was added at 0:10\.000$/);
  await lab.get("undo").click();
  await said(lab, "late was added");
  assert.equal(await lab.client("late").count(), 0);
  assert.equal(await lab.get("undo").isDisabled(), true);
  await lab.press("Control+y");
  await lab.press("Control+y");
  await said(lab, "Redone: machine published");
  assert.equal(await lab.client("late").count(), 1);
  assert.equal(await lab.events(), events);
  assert.equal(await lab.get("redo").isDisabled(), true);
});

story("what is done after undoing takes the place of what was undone", LINK, async (lab) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "one");
  await lab.press("Control+z");
  await said(lab, "Undone");
  assert.equal(await lab.get("redo").isDisabled(), false);
  await lab.publish("machine", "factory/8/status", "another");
  await lab.get("redo").and(lab.page.locator(":disabled")).waitFor();
  await lab.press("Control+y");
  await said(lab, "Nothing to redo");
});

story("another profile, and what was done before it, are undone too", LINK, async (lab) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.get("profile").selectOption("aws-iot-core");
  await said(lab, "began again");
  await lab.pause();
  await lab.press("Control+z");
  assert.match(await said(lab, "again"), /^Here is “Hello, broker” with the profile mqtt again, as you left it\.$/);
  await lab.computed();
  assert.equal(await lab.get("profile").inputValue(), "mqtt");
  assert.equal(await lab.at(), 10_000_000, "where it was left");
  assert.match(await lab.get("undo").getAttribute("aria-label"), /machine published/);
  await lab.press("Control+y");
  await said(lab, "the profile aws-iot-core again");
  assert.equal(await lab.get("profile").inputValue(), "aws-iot-core");
});

story("the link of an undone run is that of a run in which nothing was done", LINK, async (lab, page) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.press("Control+z");
  await said(lab, "Undone");
  await lab.get("share").click();
  await said(lab, "copied");
  assert.match(new URL(page.url()).hash, /^#v=1&lesson=hello&t=10s/);
});

story("what live clients do is not undone", LINK, async (lab, page) => {
  await lab.computed();
  await page.evaluate(() => {
    window.live = glassbroker.socket("ws://glass/mqtt", "mqtt");
  });
  await lab.page.waitForFunction(() => window.live.readyState === 1);
  await lab.press("Control+z");
  assert.match(await said(lab, "Nothing to undo"), /What live clients do is theirs, and cannot be undone\.$/);
  assert.equal(await page.evaluate(() => window.live.readyState), 1);
});
