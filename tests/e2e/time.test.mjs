// Time that stands still: steps, what is done meanwhile, and the keys of the slider.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const QUIET = scenarioHash({ title: "A quiet room", until: "60s" });

story("a step goes on to the next moment, and all that happens at once is named", "v=1&lesson=hello&t=1.3s", async (lab) => {
  await lab.computed();
  const [at, events] = [await lab.at(), await lab.events()];
  await lab.press(".");
  await lab.computed();
  // CONNECT arrives; the session and CONNACK are one decision of the broker.
  assert.equal(await lab.events(), events + 3);
  assert.equal(
    await lab.get("happened").textContent(),
    "3 events at once: dashboard CONNECT received, session created, CONNACK sent",
  );
  await lab.press(",");
  await lab.computed();
  assert.equal(await lab.events(), events);
  assert.ok((await lab.at()) <= at);
  await lab.press(" ");
  assert.equal(await lab.get("happened").textContent(), "", "nothing while time runs");
});

story("what is done while time stands still waits for it, and says so", "v=1&lesson=hello&t=10s", async (lab) => {
  await lab.computed();
  await lab.publish("machine", "factory/9/status", "by hand");
  await lab.get("notice").waitFor();
  assert.match(await lab.get("notice").textContent(), /^Done\. .*press play, or step on/);
  assert.equal(await lab.playing(), false);
  assert.equal(await lab.at(), 10_000_000);
  assert.match(await lab.get("happened").textContent(), /machine publish, PUBLISH sent$/);
  assert.equal(await lab.get("topic-leaf", { topic: "factory/9/status" }).count(), 0);
  await lab.press(".");
  await lab.computed();
  assert.equal(await lab.get("notice").count(), 0);
  await lab.press(" ");
  await lab.get("topic-leaf", { topic: "factory/9/status" }).waitFor();
});

story("at the scenario's end, where time stopped by itself, it goes on for what is done", `${QUIET}&t=60s`, async (lab) => {
  await lab.computed();
  await lab.addClient("late");
  assert.ok((await lab.at()) > 60_000_000);
});

story("arrow keys on the slider move by a hundredth of what the timeline shows", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  await lab.get("scrubber").focus();
  // The whole run and a fortieth more: 30.75 s.
  await page.keyboard.press("ArrowRight");
  await lab.computed();
  assert.equal(await lab.at(), 10_307_500);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await lab.computed();
  assert.equal(await lab.at(), 9_692_500);
  await page.keyboard.press("PageUp");
  await lab.computed();
  assert.equal(await lab.at(), 12_767_500);
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press("PageUp");
    await lab.computed();
  }
  assert.equal(await lab.at(), 30_000_000, "no further than the end");
});

story("the clock's width stays with microseconds, so that the slider stands still", "v=1&lesson=qos&t=2s", async (lab) => {
  await lab.computed();
  const left = async () => (await lab.get("scrubber").boundingBox()).x;
  const before = await left();
  for (let steps = 0; !(await lab.get("clock").textContent()).includes("\u2009") && steps < 40; steps += 1) {
    await lab.press(".");
    await lab.computed();
  }
  assert.equal(await left(), before);
});
