// Side by side: the same scenario under two profiles, from a link that names both.
import assert from "node:assert/strict";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
/** A Will after a WebSocket's close, and a filter of too many levels: AWS IoT Core does both otherwise than the standards. */
const TWO = scenarioHash({
  until: "20s",
  broker: { profile: "mqtt" },
  clients: [{ id: "lamp", connect: { will: { topic: "gone", payload: "x", qos: 1 } } }, { id: "watch" }],
  steps: [
    { at: "1s", client: "lamp", do: "connect" },
    { at: "1s", client: "watch", do: "connect" },
    { at: "2s", client: "watch", do: "subscribe", filters: [{ filter: "gone", qos: 1 }] },
    { at: "3s", client: "lamp", do: "close" },
    { at: "7s", client: "watch", do: "subscribe", filters: [{ filter: "1/2/3/4/5/6/7/8/9", qos: 1 }] },
  ],
});
const LINK = `${TWO}&view=sides&against=aws-iot-core`;

const rows = (lab) => lab.get("side-row").evaluateAll((all) => all.map((row) => `${row.dataset.sign} ${row.dataset.about}`));

story("a link names the first divergence with both rules and the setting", LINK, async (lab) => {
  await lab.computed();
  assert.equal(await lab.at(), 20_000_000, "without a moment the whole run is compared");
  const card = lab.get("parted");
  assert.match(await card.innerText(), /the Will of lamp on gone\s+the first divergence/);
  assert.match(await lab.get("parted-side", { side: "A" }).innerText(), /is published.*MQTT-3\.1\.2-8/s);
  const aws = lab.get("parted-side", { side: "B" });
  assert.match(await aws.innerText(), /is not published.*aws\.will\.websocket-close.*Developer Guide/s);
  assert.match(await aws.locator("a").getAttribute("href"), /^https:\/\/docs\.aws\.amazon\.com\//);
  assert.match(await card.innerText(), /will\.on_websocket_close:\s*A\s*true\s*B\s*false/);
  const all = await rows(lab);
  assert.ok(all.includes("≠1 the Will of lamp on gone") && all.includes("= lamp connects"), all.join("; "));
  assert.ok(all.includes("↳1 lamp/1 for watch"), "the message that only one side has follows from the Will");
});

story("one walks from divergence to divergence, by button and by key", LINK, async (lab) => {
  await lab.computed();
  assert.equal(await lab.get("sides-place").textContent(), "1 of 2");
  await lab.get("sides-next").click();
  await lab.drawn();
  assert.equal(await lab.get("sides-place").textContent(), "2 of 2");
  assert.match(await lab.get("parted").innerText(), /watch subscribes to 1\/2\/3.*refused: Topic Filter invalid.*aws\.topic\.levels/s);
  assert.match(await lab.get("inspector").innerText(), /SUBACK/, "the run's own event is the chosen one");
  await lab.press("p");
  assert.equal(await lab.get("parted").getAttribute("data-sign"), "≠1");
  await lab.press("n");
  assert.equal(await lab.get("parted").getAttribute("data-sign"), "≠2");
});

story("only divergences are shown, with those that follow folded under the first", LINK, async (lab) => {
  await lab.computed();
  const count = (await rows(lab)).length;
  await lab.get("sides-only").check();
  await lab.drawn();
  assert.deepEqual(await rows(lab), ["≠1 the Will of lamp on gone", "≠2 watch subscribes to 1/2/3/4/5/6/7/8/9"]);
  await lab.get("parted-following").click();
  await lab.drawn();
  assert.deepEqual(
    (await rows(lab)).map((row) => row.split(" ")[0]),
    ["≠1", "↳1", "↳1", "≠2"],
  );
  assert.ok(count > 4);
});

story("time moves both sides, and what comes later is not told before", `${LINK}&t=2.5s`, async (lab) => {
  await lab.computed();
  assert.match(await lab.get("parted-none").innerText(), /Both sides did the same so far; \d+ settings differ/);
  await lab.scrub(5 / 20);
  assert.match(await lab.get("parted").innerText(), /the Will of lamp/);
  assert.ok(!(await rows(lab)).some((row) => row.startsWith("≠2")));
  await lab.get("sides-against").selectOption("mosquitto-2.0");
  await lab.toEnd();
  assert.match(await lab.get("parted-none").innerText(), /Both sides did the same/);
});

story("what is done by hand is done on both sides, and Share leads back to the comparison", LINK, async (lab, page) => {
  await lab.computed();
  await lab.publish("watch", "gone", "by hand", 1);
  await lab.computed();
  await lab.pause();
  await lab.scrub(1);
  const published = (await rows(lab)).filter((row) => row === "= watch/1 on gone");
  assert.equal(published.length, 1, "one message, the same on both sides");
  await lab.get("share").click();
  await lab.drawn();
  assert.match(page.url(), /&view=sides&against=aws-iot-core$/);
});

story("on a phone the two sides stand below each other", LINK, async (lab, page) => {
  await lab.computed();
  const [a, b] = await Promise.all(["A", "B"].map((side) => lab.get("parted-side", { side }).boundingBox()));
  assert.ok(b.y >= a.y + a.height && Math.abs(a.x - b.x) < 1, "A above B");
  assert.ok(a.x >= 0 && a.x + a.width <= 390);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing sticks out");
  await lab.get("sides-next").tap();
  await lab.drawn();
  assert.match(await lab.get("side-row", { sign: "≠2" }).innerText(), /A\s*0:07.*granted.*B\s*0:07.*refused/s);
}, PHONE);

story("the lanes are a grid with names, which the arrow keys walk", LINK, async (lab) => {
  await lab.computed();
  const grid = lab.get("sides");
  assert.equal(await grid.getAttribute("role"), "grid");
  assert.match(await grid.getAttribute("aria-label"), /A mqtt, B aws-iot-core/);
  await grid.press("Home");
  await lab.drawn();
  const active = await grid.getAttribute("aria-activedescendant");
  assert.match(await lab.page.locator(`#${active}`).textContent(), /the same.*connects.*A: .*accepted.*B: .*accepted/s);
});
