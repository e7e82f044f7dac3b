// The timeline under pointer and keys. Where something stands is read from the pixels of its colour, as a user sees it.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

// Each packet is 400 ms on its way: an arrow that leans. Only one is a PUBLISH and only one a DISCONNECT.
const SLOW_LAMP = {
  title: "A slow lamp",
  until: "10s",
  clients: [{ id: "lamp", link: { latency_ms: 400 } }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "2s", client: "lamp", do: "publish", topic: "lamps/1/state", payload: "on" },
    { at: "4s", client: "lamp", do: "subscribe", filters: [{ filter: "lamps/+/set", qos: 1 }] },
    { at: "8s", client: "lamp", do: "disconnect" },
  ],
};
const AT_END = `${scenarioHash(SLOW_LAMP)}&t=10s`;

const click = (page, { x, y }) => page.mouse.click(x, y);
const chosen = async (lab) => {
  await lab.drawn();
  return (await lab.get("inspector").count()) > 0 ? lab.get("inspector").locator("h2").textContent() : null;
};

story("a click on an arrow chooses its packet, a click beside it none", AT_END, async (lab, page) => {
  await lab.computed();
  // Beside a chosen one the others are pale.
  const publish = await lab.inked("--gb-publish-0");
  const disconnect = await lab.inked("--gb-disconnect");
  await click(page, publish.middle);
  assert.equal(await chosen(lab), "PUBLISH");
  assert.equal(await lab.inked("--gb-disconnect"), null);
  assert.equal(await lab.get("inspector").locator('[data-test="payload"]').textContent(), "on");
  await click(page, disconnect.middle);
  assert.equal(await chosen(lab), "DISCONNECT");
  await click(page, { ...publish.middle, x: (publish.middle.x + disconnect.middle.x) / 2 });
  assert.equal(await chosen(lab), null);
  // At its tail is its letter, at its head its arrival.
  for (const end of [publish.first, publish.to]) {
    await click(page, end);
    assert.equal(await chosen(lab), "PUBLISH");
    await page.keyboard.press("Escape");
  }
});

const BEHIND = scenarioHash({
  ...SLOW_LAMP,
  clients: [...Array.from({ length: 7 }, (_, i) => ({ id: `quiet-${i}` })), ...SLOW_LAMP.clients],
});

story("so it does in a lane that was scrolled to", `${BEHIND}&t=10s`, async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.inked("--gb-publish-0"), null);
  await lab.get("timeline").hover();
  await page.mouse.wheel(0, 5000);
  await page.waitForFunction(() => document.querySelector("[data-test=timeline]").scrollTop > 100);
  await click(page, (await lab.inked("--gb-publish-0")).middle);
  assert.equal(await chosen(lab), "PUBLISH");
});

// Five milliseconds apart, for ten seconds.
const DENSE = scenarioHash({
  title: "A busy sensor",
  until: "20s",
  clients: [{ id: "sensor" }],
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    { at: "1s", every: "5ms", times: 2000, client: "sensor", do: "publish", topic: "hall/1", payload: "{{n}}" },
  ],
});

story("a click on a band zooms to its packets, and there is a way back", `${DENSE}&t=20s`, async (lab, page) => {
  await lab.computed();
  const all = await lab.painted();
  assert.ok(all.arrows === 0 && all.banded >= 2000, JSON.stringify(all));
  const band = await lab.inked("--gb-publish-0");
  const middle = { x: band.middle.x, y: band.from.y + 3 };
  await page.mouse.move(middle.x, middle.y);
  await lab.drawn();
  assert.match(await page.locator(".tooltip.shown").textContent(), /^\d+ packets from 0:0[56]\./);
  await click(page, middle);
  const some = await lab.painted();
  assert.ok(some.banded === 0 && some.arrows >= 10 && some.arrows <= 60, JSON.stringify(some));
  await click(page, (await lab.inked("--gb-publish-0")).first);
  assert.equal(await chosen(lab), "PUBLISH");
  // The band is ten seconds from 1 s on.
  const [, seconds] = /When0:(\d\d\.\d+)/.exec(await lab.get("inspector").locator("dl").textContent());
  assert.ok(Math.abs(Number(seconds) - 6) < 0.3, `at ${seconds} s`);
  await lab.get("fit").click();
  assert.deepEqual(await lab.painted(), all);
  assert.equal(await chosen(lab), "PUBLISH", "it is still chosen");
});

story("the timeline by keyboard", AT_END, async (lab, page) => {
  await lab.computed();
  await lab.get("follow").focus();
  const focused = () => page.evaluate(() => [document.activeElement.dataset.test, getComputedStyle(document.activeElement).outlineStyle]);
  for (const next of ["minimap", "timeline"]) {
    await page.keyboard.press("Tab");
    assert.deepEqual(await focused(), [next, "solid"]);
  }
  const seen = [];
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight"]) {
    await page.keyboard.press(key);
    seen.push(await chosen(lab));
  }
  assert.deepEqual(seen, ["DISCONNECT", "SUBACK", "SUBSCRIBE", "PUBLISH", "SUBSCRIBE"]);
  const arrows = async (key, times = 1) => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
    return (await lab.painted()).arrows;
  };
  assert.equal(await arrows("0"), 6);
  assert.equal(await arrows("f"), 2, "SUBSCRIBE and its answer");
  assert.equal(await arrows("d", 20), 0);
  assert.equal(await arrows("a", 20), 2);
  assert.equal(await arrows("s", 20), 6);
  assert.equal((await focused())[0], "timeline");
});

story("on a narrow page Enter leads from the timeline to the inspector", AT_END, async (lab, page) => {
  await lab.computed();
  await lab.get("timeline").focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await lab.get("inspector").isVisible(), false);
  await page.keyboard.press("Enter");
  await lab.get("inspector").waitFor();
  assert.equal(await chosen(lab), "DISCONNECT");
}, { viewport: { width: 700, height: 900 } });
