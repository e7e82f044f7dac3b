// Quotas as gauges: how much of each is used, what it refused, and its limit to be changed for the run.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** A sensor publishes ten messages a second where five are allowed, five at once; an alarm keeps to one. */
const FAST = `${scenarioHash({
  title: "Too fast",
  until: "20s",
  broker: { profile: "aws-iot-core", set: { "publish.in_per_s": 5, "publish.in_burst": 5 } },
  clients: [{ id: "sensor" }, { id: "alarm" }],
  steps: [
    { at: "1s", client: "sensor", do: "connect" },
    { at: "1s", client: "alarm", do: "connect" },
    { at: "3s", every: "100ms", times: 50, client: "sensor", do: "publish", topic: "a", qos: 1, payload: "{{n}}" },
    { at: "3s", every: "1s", times: 5, client: "alarm", do: "publish", topic: "b", qos: 1, payload: "{{n}}" },
  ],
})}&view=quotas`;

const quota = (lab, key) => lab.get("quota", { key });
const gauge = (lab, key, client) => quota(lab, key).locator(`[data-client="${client}"]`);

// [O2]
story("a gauge says how much of a quota each client uses, and what it refused", `${FAST}&t=7s`, async (lab) => {
  await lab.computed();
  const sensor = gauge(lab, "publish.in_per_s", "sensor");
  assert.match(await sensor.innerText(), /5 of 5.*used up, one more in/s);
  // Of 40 in four seconds: five at once, and five in each second.
  const refused = Number(/refused (\d+)×/.exec(await sensor.innerText())[1]);
  assert.ok(Math.abs(refused - 15) <= 1, `refused ${refused}`);
  assert.equal(await gauge(lab, "publish.in_per_s", "alarm").locator('[data-test="refused"]').count(), 0);
  assert.match(await quota(lab, "account.publish_in_per_s").innerText(), /of 20000/);
  assert.equal(await quota(lab, "publish.in_per_s").evaluate((one) => one === one.parentElement.firstElementChild), true, "what refused stands first");
});

// [O2]
story("from what was refused one goes to the events", `${FAST}&t=7s`, async (lab) => {
  await lab.computed();
  const refused = gauge(lab, "publish.in_per_s", "sensor").locator('[data-test="refused"]');
  await refused.click();
  await lab.drawn();
  const first = await lab.get("inspector").innerText();
  assert.match(first, /quota\.refused.*aws\.quota\.publish-in/s);
  await refused.click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /quota\.refused/);
  assert.notEqual(await lab.get("inspector").innerText(), first, "to the next one");
});

// [O2]
story("a limit is changed for the run, and the link has it", `${FAST}&t=7s`, async (lab, page) => {
  await lab.computed();
  const limit = quota(lab, "publish.in_per_s").locator('[data-test="quota-limit"]');
  await limit.fill("many");
  await limit.press("Enter");
  assert.match(await lab.get("notice").innerText(), /publish\.in_per_s is a number from/);
  await limit.fill("100");
  await limit.press("Enter");
  await lab.computed();
  assert.equal(await lab.at(), 7_000_000, "the same moment of the changed run");
  assert.equal(await gauge(lab, "publish.in_per_s", "sensor").locator('[data-test="refused"]').count(), 0);
  const link = new URL(page.url()).hash.slice(1);
  await visit(`${link}&view=quotas&t=7s`, async (again) => {
    await again.computed();
    assert.equal(await quota(again, "publish.in_per_s").locator('[data-test="quota-limit"]').inputValue(), "100");
    assert.doesNotMatch(await quota(again, "publish.in_per_s").innerText(), /refused/);
  });
});

// [O2]
story("a standard broker has bounds but no rates, until one sets them", "v=1&lesson=hello&view=quotas&t=15s", async (lab) => {
  await lab.computed();
  assert.equal(await quota(lab, "publish.in_per_s").count(), 0);
  await lab.get("quotas-all").check();
  const limit = quota(lab, "publish.in_per_s").locator('[data-test="quota-limit"]');
  assert.equal(await limit.getAttribute("placeholder"), "no limit");
  await limit.fill("1");
  await limit.press("Enter");
  await lab.computed();
  assert.equal(await limit.inputValue(), "1");
});

story("on a phone nothing of it stands out to the side", `${FAST}&t=7s`, async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("quotas").isVisible(), true);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  const { right } = await page.evaluate(() => {
    const all = [...document.querySelectorAll(".quota-line > *")].map((one) => one.getBoundingClientRect().right);
    return { right: Math.max(...all) };
  });
  assert.ok(right <= 390, `something ends at ${right}`);
}, PHONE);
