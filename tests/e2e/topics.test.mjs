// The topic tree: what it counts and marks, who subscribes where, and what a search finds.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const say = (at, topic, payload, more = {}) => ({ at, client: "sensor", do: "publish", topic, payload, qos: 1, ...more });
const PLANT = scenarioHash({
  title: "A plant",
  until: "30s",
  clients: [{ id: "sensor" }, { id: "dashboard" }, { id: "audit" }, { id: "quiet" }],
  steps: [
    ...["sensor", "dashboard", "audit", "quiet"].map((client) => ({ at: "0s", client, do: "connect" })),
    { at: "500ms", client: "dashboard", do: "subscribe", filters: [{ filter: "plant/+/temperature", qos: 1 }] },
    { at: "500ms", client: "audit", do: "subscribe", filters: [{ filter: "#" }] },
    { at: "500ms", client: "quiet", do: "subscribe", filters: [{ filter: "orders/new" }] },
    say("1s", "plant/1/temperature", "20"),
    say("2s", "plant/1/temperature", "21", { retain: true }),
    say("3s", "plant/2/temperature", "30"),
    say("4s", "plant/2/mode", "auto"),
    say("12s", "plant/1/temperature", "22"),
  ],
});

const row = (lab, topic) => lab.page.locator(`[data-topic="${topic}"][role="treeitem"]`);
const within = (row, test) => row.locator(`[data-test="${test}"]`);

/** Until the text of an element is this. */
async function says(element, text) {
  await element.filter({ hasText: text }).waitFor();
  assert.equal(await element.textContent(), text);
}

story("counts, rates, last values and retained marks follow the view", `${PLANT}&t=4.5s`, async (lab) => {
  await lab.computed();
  await says(within(row(lab, "plant"), "topic-messages"), "4");
  await says(within(row(lab, "plant/1/temperature"), "topic-messages"), "2");
  assert.match(await row(lab, "plant/1/temperature").textContent(), /21/);
  assert.equal(await within(row(lab, "plant/1/temperature"), "topic-retained").count(), 1);
  await says(within(row(lab, "plant"), "topic-rate"), "0.8/s");
  await lab.scrub(1.5 / 30);
  await says(within(row(lab, "plant"), "topic-messages"), "1");
  assert.equal(await within(row(lab, "plant/1/temperature"), "topic-retained").count(), 0);
  assert.equal(await row(lab, "plant/2").count(), 0, "it is not there yet");
  await lab.scrub(11 / 30);
  assert.equal(await within(row(lab, "plant"), "topic-rate").count(), 0, "nothing came in the last five seconds");
});

story("a closed level speaks for all below it", `${PLANT}&t=4.5s`, async (lab) => {
  await lab.computed();
  await within(row(lab, "plant"), "topic-twist").click();
  await row(lab, "plant/1").waitFor({ state: "detached" });
  assert.match(await row(lab, "plant").textContent(), /3 topics below.*4/);
  assert.equal(await row(lab, "plant").getAttribute("aria-expanded"), "false");
});

story("subscriptions stand where their wildcards begin, also where nobody has published", `${PLANT}&t=4.5s`, async (lab) => {
  await lab.computed();
  const filters = lab.get("topic-subscription");
  assert.deepEqual(await filters.evaluateAll((rows) => rows.map((row) => row.dataset.filter)), ["#", "orders/new", "plant/+/temperature"]);
  const order = await lab.page.locator('[role="treeitem"]').evaluateAll((rows) => rows.map((row) => row.dataset.topic ?? row.dataset.filter));
  assert.deepEqual(order.slice(0, 5), ["#", "orders", "orders/new", "orders/new", "plant"]);
  assert.equal(order[5], "plant/+/temperature");
  assert.match(await filters.last().textContent(), /dashboard.*QoS 1/);
  assert.match(await filters.last().getAttribute("title"), /\+ is one level/);
  assert.match(await filters.first().getAttribute("title"), /# is the rest/);
  // It lights what it matches.
  await filters.last().click();
  assert.deepEqual(await lab.lit(), ["plant/1/temperature", "plant/2/temperature"]);
  await lab.get("find-filters").click();
  await lab.drawn();
  assert.equal(await filters.count(), 0);
  assert.equal(await row(lab, "orders").count(), 0);
});

const GRANTED = scenarioHash({
  title: "One filter, two levels",
  until: "9s",
  clients: [{ id: "display" }, { id: "phone" }],
  steps: [
    ...["display", "phone"].map((client) => ({ at: "0s", client, do: "connect" })),
    { at: "1s", client: "display", do: "subscribe", filters: [{ filter: "room/#", qos: 0 }] },
    { at: "2s", client: "phone", do: "subscribe", filters: [{ filter: "room/#", qos: 2 }] },
  ],
});

story("a filter's row says each QoS that was granted for it", `${GRANTED}&t=1.5s`, async (lab) => {
  await lab.computed();
  const filter = lab.get("topic-subscription", { filter: "room/#" });
  assert.match(await filter.textContent(), /displayQoS 0$/);
  await lab.scrub(5 / 9);
  await filter.filter({ hasText: "phone" }).waitFor();
  assert.match(await filter.textContent(), /display, phoneQoS 0, 2$/);
});

story("a text finds names, one hit after the other, and alone if wanted", `${PLANT}&t=4.5s`, async (lab, page) => {
  await lab.computed();
  await within(row(lab, "plant"), "topic-twist").click();
  await lab.get("find-text").click();
  await lab.get("topic-filter").fill("TEMP");
  await says(lab.get("topic-matches"), "2 of 3 names match");
  assert.equal(await row(lab, "plant").getAttribute("data-lit"), "true", "what is closed is lit for what it hides");
  await page.keyboard.press("Enter");
  await says(lab.get("find-place"), "hit 1 of 2");
  assert.equal(await row(lab, "plant/1/temperature").getAttribute("aria-selected"), "true", "and unfolded");
  await lab.get("find-next").click();
  await says(lab.get("find-place"), "hit 2 of 2");
  assert.equal(await row(lab, "plant/2/temperature").getAttribute("aria-selected"), "true");
  await lab.get("find-previous").click();
  await says(lab.get("find-place"), "hit 1 of 2");
  await lab.get("find-only").click();
  await row(lab, "plant/2/mode").waitFor({ state: "detached" });
  assert.deepEqual(await lab.lit(), ["plant/1/temperature", "plant/2/temperature"]);
});

story("the keyboard walks the tree, folds it and opens a topic", `${PLANT}&t=4.5s`, async (lab, page) => {
  await lab.computed();
  await lab.get("find-filters").click();
  await lab.get("topics").focus();
  for (const key of ["Home", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"]) {
    await page.keyboard.press(key);
    await lab.drawn();
  }
  await lab.get("topic", { topic: "plant/1/temperature" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await lab.drawn();
  assert.equal(await row(lab, "plant/1").getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowLeft");
  await row(lab, "plant/1/temperature").waitFor({ state: "detached" });
  await lab.press("Escape");
  assert.equal(await lab.get("topic").count(), 0);
});

for (const [motion, shown] of [
  ["no-preference", "block"],
  ["reduce", "none"],
]) {
  const options = { reducedMotion: motion };
  const name = motion === "reduce" ? "new messages flash for nobody who wants less motion" : "new messages flash, and the row stays the same";
  story(
    name,
    `${PLANT}&t=900ms`,
    async (lab) => {
      await lab.computed();
      await lab.get("play").click();
      const flash = within(row(lab, "plant/1/temperature"), "topic-flash");
      await flash.waitFor({ state: "attached" });
      assert.equal(await flash.evaluate((element) => getComputedStyle(element).display), shown);
      const element = await row(lab, "plant/1/temperature").elementHandle();
      await lab.page.waitForFunction((row) => /21/.test(row.textContent), element);
      assert.ok(await element.evaluate((row) => row.isConnected), "a click that has begun ends on it");
    },
    options,
  );
}

story("ten thousand topics make few rows", "v=1&lesson=hello", async (lab) => {
  const topics = Array.from({ length: 10_000 }, (_, i) => `site/${i % 100}/device/${i}`);
  const steps = topics.map((topic, i) => ({ at: `${100 + Math.floor(i / 10)}ms`, client: "sensor", do: "publish", topic, payload: `${i}` }));
  const scenario = { glassbroker: 1, title: "Many", until: "3s", clients: [{ id: "sensor" }], steps: [{ at: "0s", client: "sensor", do: "connect" }, ...steps] };
  const buffer = Buffer.from(JSON.stringify(scenario));
  await lab.get("open-file").setInputFiles({ name: "many.json", mimeType: "application/json", buffer });
  await lab.toEnd();
  await says(lab.get("topic-count"), "10000");
  assert.ok((await lab.page.locator('[role="treeitem"]').count()) < 80);
  await lab.get("topic-filter").fill("site/7/device/#");
  await says(lab.get("topic-matches"), "100 of 10000 names match");
});

story("another lesson begins without what was looked for, the same one under another profile with it", "v=1&lesson=qos&t=11s", async (lab) => {
  await lab.computed();
  await lab.get("topic-filter").fill("room/#");
  await lab.get("profile").selectOption("aws-iot-core");
  await lab.computed();
  assert.equal(await lab.get("topic-filter").inputValue(), "room/#");
  await lab.get("scenario").selectOption("hello");
  await lab.page.waitForFunction(() => document.querySelector("[data-test=topic-filter]").value === "");
});
