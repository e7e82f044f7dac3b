// Quotas as gauges: how much of each is used, what it refused, and its limit to be changed.
import assert from "node:assert/strict";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();
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
const field = (lab, key) => quota(lab, key).locator('[data-test="quota-limit"]');
/** How many messages of the sensor were refused until the view. */
const refusals = async (lab) => {
  const text = await gauge(lab, "publish.in_per_s", "sensor").innerText();
  return Number(/refused (\d+)×/.exec(text)?.[1] ?? 0);
};
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
story("a limit is changed from the view on, and a shared link has it", `${FAST}&t=5s`, async (lab, page) => {
  await lab.computed();
  await lab.get("play").click();
  await lab.addClient("by-hand");
  await lab.pause();
  const limit = field(lab, "publish.in_per_s");
  await limit.fill("many");
  await limit.press("Enter");
  assert.match(await lab.get("notice").innerText(), /publish\.in_per_s is a number from/);
  await limit.press("Escape");
  assert.equal(await limit.inputValue(), "5", "Escape takes back what was typed");
  const before = await refusals(lab);
  const changed = await lab.at();
  await limit.fill("1000");
  await limit.press("Enter");
  await lab.drawn();
  assert.equal(await lab.at(), changed, "the same moment of the run");
  await lab.client("by-hand").waitFor();
  assert.equal(await limit.inputValue(), "1000");
  await lab.toEnd();
  assert.equal(await refusals(lab), before, "no more is refused");
  await lab.get("share").click();
  await lab.get("notice").waitFor();
  const link = new URL(page.url()).hash.slice(1);
  await visit(link, async (again) => {
    await again.computed();
    assert.equal(await field(again, "publish.in_per_s").inputValue(), "1000");
    assert.equal(await refusals(again), before);
    await again.client("by-hand").waitFor();
    // Before the change the old limit holds; back from the new one is a step as well.
    await again.scrub(0.2);
    assert.equal(await field(again, "publish.in_per_s").inputValue(), "5");
    await again.toEnd();
    await again.get("limit-back", { key: "publish.in_per_s" }).click();
    await again.drawn();
    assert.equal(await field(again, "publish.in_per_s").inputValue(), "100", "the profile's own");
    assert.equal(await again.get("limit-back", { key: "publish.in_per_s" }).count(), 0);
  });
});

story("a limit is typed while the run plays", `${FAST}&t=3s`, async (lab, page) => {
  await lab.computed();
  if (!(await lab.playing())) await lab.get("play").click();
  const limit = field(lab, "publish.in_per_s");
  await limit.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1234", { delay: 250 });
  assert.equal(await limit.inputValue(), "1234");
  assert.equal(await lab.playing(), true);
  await page.keyboard.press("Enter");
  await lab.drawn();
  await page.waitForTimeout(300);
  assert.equal(await limit.inputValue(), "1234");
  assert.match(await quota(lab, "publish.in_per_s").innerText(), /1234 a second/);
});

// [O2]
story("a rate has its burst beside it, and the gauge counts against that", `${FAST}&t=7s`, async (lab) => {
  await lab.computed();
  const sensor = gauge(lab, "publish.in_per_s", "sensor");
  assert.match(await sensor.innerText(), /5 of 5 at once, 5 a second/);
  const burst = quota(lab, "publish.in_per_s").locator('[data-test="quota-burst"]');
  assert.equal(await burst.inputValue(), "5");
  await burst.fill("500");
  await burst.press("Enter");
  await lab.drawn();
  assert.match(await sensor.innerText(), /of 500 at once, 5 a second/);
  assert.equal(await quota(lab, "account.publish_in_per_s").locator('[data-test="quota-burst"]').count(), 0);
});

// [O2] [aws.quota.publish-told]
story("the inspector tells the limit that holds here, and why there is a PUBACK all the same", `${FAST}&t=7s`, async (lab) => {
  await lab.computed();
  await gauge(lab, "publish.in_per_s", "sensor").locator('[data-test="refused"]').click();
  await lab.drawn();
  assert.match(await lab.get("rule-settings").innerText(), /publish\.in_per_s\s*here 5 messages\/s[^]*publish\.in_burst\s*here 5 messages/);
  await lab.get("consequences").locator("button").first().click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /aws\.quota\.publish-told[^]*0x97/);
  assert.match(await lab.get("consequences").innerText(), /PUBACK/);
});

story("the list scrolls in its panel, and not the page", `${FAST}&t=7s`, async (lab, page) => {
  await lab.computed();
  await lab.get("quotas-all").check();
  await lab.drawn();
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) <= 900);
  const [all, seen] = await page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.querySelector(".quotas-scroll");
    return [scrollHeight, clientHeight];
  });
  assert.ok(all > seen, `${all} in ${seen}`);
}, { viewport: { width: 1440, height: 900 } });

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

// [O2]
story("a bound without a level has its limit too, which is changed as others are", `${FAST}&t=2s`, async (lab) => {
  await lab.computed();
  for (const key of ["publish.payload_max_bytes", "keep_alive.max_s", "connection.websocket_max_s", "session.resend_after_s", "subscription.max_per_packet"]) {
    await field(lab, key).waitFor();
  }
  await field(lab, "publish.payload_max_bytes").fill("1");
  await field(lab, "publish.payload_max_bytes").press("Enter");
  await lab.toEnd();
  assert.match(await quota(lab, "publish.payload_max_bytes").innerText(), /refused 1×/, "the tenth message has two digits");
});
