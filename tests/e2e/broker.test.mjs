// The broker's panel: sections with counts, one search over all of them, and from each row the way to its events.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { LAMP_AND_APP, PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const SCENE = {
  broker: { profile: "aws-iot-core" },
  ...LAMP_AND_APP,
  steps: [
    ...LAMP_AND_APP.steps,
    { at: "4s", client: "lamp", do: "disconnect" },
    { at: "5s", client: "app", do: "publish", topic: "cfg/a", payload: "1", qos: 1 },
    { at: "6s", client: "app", do: "publish", topic: "cfg/b", payload: "2", qos: 1 },
  ],
  until: "10s",
};
const at = (time) => `${scenarioHash(SCENE)}&t=${time}`;

const section = (lab, name) => lab.get("section", { section: name });
const count = (lab, name) => section(lab, name).locator('[data-test="section-count"]').innerText();
const head = (lab, name) => section(lab, name).locator(".section-head");

/** The kind of the chosen event, after a click on the way from a row to its events. */
async function lead(lab, row) {
  await row.locator('[data-test="to-event"]').click();
  await lab.get("inspector").waitFor();
  await lab.drawn();
  return (await lab.get("inspector").locator(".facts dd").first().innerText()).trim();
}

story("each row leads to the event that made it so", at("3.5s"), async (lab) => {
  await lab.computed();
  assert.equal(await lead(lab, lab.get("session", { client: "lamp" })), "session.created");
  assert.equal(await lead(lab, lab.get("kept-will", { client: "lamp" })), "will.armed");
  assert.equal(await lead(lab, lab.get("retained", { topic: "cfg/lamp" })), "retained.stored");
  await head(lab, "subscriptions").click();
  assert.equal(await lead(lab, lab.get("kept-subscription", { client: "lamp" })), "subscription.added");
  // A rule leads from event to event, and round again.
  await head(lab, "rules").click();
  const rule = lab.get("acted").first();
  const times = Number((await rule.locator(".number").innerText()).replace("×", ""));
  const id = await rule.getAttribute("data-rule");
  const seen = new Set();
  for (let n = 0; n < times + 1; n += 1) {
    await lead(lab, rule);
    assert.equal(await lab.get("rule").getAttribute("data-rule"), id);
    seen.add(await lab.get("inspector").getAttribute("data-seq"));
  }
  assert.equal(seen.size, times);
});

story("a queue says why it waits, and its messages stand in order with their events", at("8s"), async (lab) => {
  await lab.computed();
  assert.equal(await count(lab, "queues"), "1");
  await head(lab, "queues").click();
  const queue = lab.get("queue", { client: "lamp" });
  assert.match(await queue.innerText(), /2 waiting\s+Its client is away\./);
  await queue.locator('[data-test="queue-open"]').click();
  const messages = queue.locator('[data-test="queued-message"]');
  await messages.first().waitFor();
  assert.deepEqual(await messages.evaluateAll((all) => all.map((one) => one.dataset.topic)), ["cfg/a", "cfg/b"]);
  await messages.nth(1).locator("button").click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /message\.queued.*cfg\/b/s);
  // The session's latest event before the view, then the one before.
  const session = lab.get("session", { client: "lamp" });
  assert.equal(await lead(lab, session), "session.disconnected");
  assert.equal(await lead(lab, session), "session.created");
});

story("one search narrows all sections and opens those with something in them", at("8s"), async (lab, page) => {
  await lab.computed();
  assert.equal(await count(lab, "sessions"), "2");
  await lab.get("broker-search").fill("CFG/");
  await lab.drawn();
  assert.equal(await count(lab, "sessions"), "0 of 2");
  assert.equal(await count(lab, "subscriptions"), "1");
  await lab.get("kept-subscription", { client: "lamp" }).waitFor();
  assert.equal(await count(lab, "retained"), "1");
  assert.deepEqual(await faults(page), []);
  await lab.get("broker-search").fill("nothing is called so");
  assert.match(await lab.get("broker-nothing").innerText(), /“nothing is called so”/);
  await lab.get("broker-search").fill("publish");
  await section(lab, "rules").locator('[data-test="acted"]').first().waitFor();
});

story("a quota that was exceeded leads to the tab of quotas", at("8s"), async (lab) => {
  await lab.computed();
  await head(lab, "quotas").click();
  await lab.get("to-quotas").first().click();
  await lab.get("quotas").locator("visible=true").waitFor();
});

const MANY = `${scenarioHash({
  clients: [{ id: "app" }],
  steps: [
    { at: "0s", client: "app", do: "connect" },
    { at: "1s", every: "1ms", times: 300, client: "app", do: "publish", topic: "t/{{n}}", payload: "{{n}}", retain: true },
  ],
  until: "5s",
})}&t=4s`;

story("a long section shows a part, and more when asked; closed it shows none", MANY, async (lab) => {
  await lab.computed();
  assert.equal(await count(lab, "retained"), "300");
  assert.equal(await lab.get("retained").count(), 50);
  await section(lab, "retained").locator('[data-test="more-rows"]').click();
  await lab.drawn();
  assert.equal(await lab.get("retained").count(), 100);
  await lab.get("broker-search").fill("t/299");
  await lab.drawn();
  assert.equal(await count(lab, "retained"), "1 of 300");
  await lab.get("broker-search").fill("");
  await head(lab, "retained").press("Enter");
  await lab.drawn();
  assert.equal(await lab.get("retained").count(), 0);
  assert.equal(await head(lab, "retained").getAttribute("aria-expanded"), "false");
});

story("on a phone a row leads to the inspector's tab, and nothing is too small to touch", at("8s"), async (lab, page) => {
  await lab.computed();
  await lab.tab("broker");
  await lab.drawn();
  assert.deepEqual(await faults(page), []);
  const button = lab.get("retained").locator('[data-test="to-event"]');
  const { width, height } = await button.boundingBox();
  assert.ok(width >= 40 && height >= 40, `${width} by ${height}`);
  await button.tap();
  await lab.get("inspector").locator("visible=true").waitFor();
}, { ...PHONE, colorScheme: "dark" });
