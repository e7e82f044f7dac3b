// What an account does without a client, by hand in the page: publishing over HTTP, retained messages, connections.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { LAMP_AND_APP, PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const SCENARIO = {
  broker: { profile: "aws-iot-core" },
  ...LAMP_AND_APP,
  steps: [
    ...LAMP_AND_APP.steps,
    { at: "1s", client: "app", do: "subscribe", filters: [{ filter: "#", qos: 1 }] },
  ],
  until: "60s",
};
const AT_10S = `${scenarioHash(SCENARIO)}&t=10s`;

/** The last answer: its first line, and its body. */
async function answer(lab) {
  const [line, ...body] = (await lab.get("answer").innerText()).split("\n");
  return { line, body: body.length ? JSON.parse(body.join("\n")) : null };
}

/** A field of the form for a message. */
const field = (lab, name) => lab.get("operation").locator(`[data-test="publish-${name}"]`);

/** [O5] [R8] */
story("a message is published over HTTP, and what is retained is stale from then on", AT_10S, async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("stale").count(), 0);
  await lab.get("http").click();
  await lab.drawn();
  assert.equal(await lab.get("http-publish").isDisabled(), true, "without a topic");
  await field(lab, "topic").fill("cfg/lamp");
  await field(lab, "payload").fill("bright");
  await field(lab, "qos").selectOption("QoS 1");
  await field(lab, "properties").click();
  await field(lab, "content-type").fill("text/plain");
  await field(lab, "user").fill("by: hand\nroom: 7");
  assert.deepEqual(await faults(page), [], "the form");
  await lab.get("http-publish").click();
  await lab.drawn();
  assert.deepEqual(await answer(lab), { line: "Publish: 200", body: null });
  await field(lab, "qos").selectOption("QoS 2");
  await lab.get("http-publish").click();
  await lab.drawn();
  const refused = await answer(lab);
  assert.deepEqual([refused.line, refused.body.error], ["Publish: 400", "InvalidRequestException"]);
  await page.keyboard.press("Escape");
  await lab.get("operation").waitFor({ state: "detached" });
  assert.ok(await lab.get("http").evaluate((button) => button === document.activeElement), "the keyboard is back where it was");

  assert.equal(await lab.get("stale").count(), 2, "in the tree and in the list");
  await lab.show("packet");
  await lab.get("play").click();
  await lab.get("event-row", { kind: "packet.received", client: "lamp" }).filter({ hasText: "bright" }).waitFor();
});

/** [R4] */
story("a retained message is read, written and deleted from its row", AT_10S, async (lab, page) => {
  await lab.computed();
  await lab.get("retained-open").click();
  await lab.drawn();
  assert.match(await lab.get("retained-now").innerText(), /^dim QoS 1, stored at /);
  await lab.get("retained-read").click();
  await lab.drawn();
  const read = await answer(lab);
  assert.deepEqual([read.line, read.body.payload, read.body.qos], ["GetRetainedMessage: 200", "ZGlt", 1]);
  assert.equal(await field(lab, "payload").inputValue(), "dim");
  await field(lab, "payload").fill("off");
  await lab.get("http-publish").click();
  await lab.drawn();
  assert.match(await lab.get("retained-now").innerText(), /^off /);
  // A topic is retained once a second.
  await lab.get("retained-delete").click();
  await lab.drawn();
  assert.equal((await answer(lab)).line, "Publish: 429");
  await page.keyboard.press("Escape");
  await lab.scrub(0.5);
  await lab.get("retained-open").click();
  await lab.get("retained-delete").click();
  await lab.drawn();
  assert.equal((await answer(lab)).line, "Publish: 200");
  assert.match(await lab.get("retained-now").innerText(), /none now/);
  await page.keyboard.press("Escape");
  assert.equal(await lab.get("retained").count(), 0);
});

/** [O5] */
story("a connection is looked at and ended, with its Will in the run and without it in a branch", AT_10S, async (lab, page) => {
  await lab.computed();
  const open = () => lab.get("session", { client: "lamp" }).locator('[data-test="session-open"]').click();
  await open();
  await lab.drawn();
  assert.match(await lab.get("connection-now").innerText(), /^Connected since .*outlives its connection by 600 s/);
  assert.match(await lab.get("connection-subscription").innerText(), /cfg\/#\s*QoS 1/);
  await lab.get("connection-read").click();
  await lab.drawn();
  const look = await answer(lab);
  assert.deepEqual([look.line, look.body.connected, look.body.sessionExpiry], ["GetConnection: 200", true, 600]);
  await lab.get("subscription-list").click();
  await lab.drawn();
  assert.deepEqual((await answer(lab)).body, { subscriptions: [{ topicFilter: "cfg/#", qos: 1 }] });
  assert.deepEqual(await faults(page), [], "the dialog");
  await lab.get("connection-delete").click();
  await lab.drawn();
  assert.equal((await answer(lab)).line, "DeleteConnection: 200");
  assert.match(await lab.get("connection-now").innerText(), /^Away/);
  await page.keyboard.press("Escape");
  await lab.show("will");
  await lab.get("event-row", { kind: "will.sent", client: "lamp" }).waitFor();

  // In the past the same is another branch.
  await lab.scrub(0.1);
  await open();
  await lab.get("clean-session").check();
  await lab.get("prevent-will").check();
  await lab.drawn();
  await lab.get("connection-delete").click();
  await lab.drawn();
  assert.match(await lab.get("connection-now").innerText(), /no session/);
  await page.keyboard.press("Escape");
  await lab.get("branch").waitFor();
  await lab.get("event-row", { kind: "will.discarded", client: "lamp" }).waitFor();
  assert.equal(await lab.get("event-row", { kind: "will.sent" }).count(), 0);
});

story("on a phone the forms have room", `${AT_10S}&view=broker`, async (lab, page) => {
  await lab.computed();
  for (const [button, data] of [["http", {}], ["retained-open", {}], ["session-open", {}]]) {
    await lab.get(button, data).first().tap();
    await lab.drawn();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth
      || [...document.querySelectorAll("dialog *")].some((one) => one.getBoundingClientRect().right > innerWidth + 1));
    assert.equal(wide, false, `${button} is wider than the page`);
    assert.deepEqual(await faults(page), [], button);
    await page.keyboard.press("Escape");
    await lab.drawn();
  }
}, { ...PHONE, colorScheme: "dark" });
