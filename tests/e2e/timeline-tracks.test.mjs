// Which tracks are shown, the walks from event to event, and the user's own moments.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const LAMPS = `${scenarioHash({
  title: "Lamps",
  until: "10s",
  clients: ["hall", "porch", "garden", "hub"].map((id) => ({ id, link: { latency_ms: 300 } })),
  steps: [
    ...["hall", "porch", "garden", "hub"].map((client) => ({ at: "0s", client, do: "connect" })),
    { at: "2s", client: "hub", do: "subscribe", filters: [{ filter: "lamps/#", qos: 1 }] },
    { at: "3s", client: "hall", do: "publish", topic: "lamps/hall", payload: "on", qos: 1 },
    { at: "5s", client: "porch", do: "publish", topic: "lamps/porch", payload: "on" },
  ],
})}&t=10s`;

const kind = async (lab) => {
  await lab.drawn();
  return (await lab.get("inspector").count()) > 0 ? lab.get("inspector").locator("dd").first().textContent() : null;
};

/** Until the head says how many tracks are not shown. */
const hidden = (lab, count) => lab.get("tracks-hidden").filter({ hasText: `${count} hidden` }).waitFor();

story("a walk goes along the track, the message and the cause, and says where it ends", LAMPS, async (lab, page) => {
  await lab.computed();
  const publish = await lab.inked("--gb-publish-1");
  await page.mouse.click(publish.first.x, publish.first.y);
  assert.equal(await kind(lab), "packet.sent");
  const walked = [];
  for (let i = 0; i < 20 && (await lab.get("notice").count()) === 0; i += 1) {
    await lab.press("b");
    walked.push(await kind(lab));
  }
  assert.deepEqual(walked.slice(0, 4), ["packet.received", "message.accepted", "message.delivered", "packet.sent"]);
  assert.match(await lab.get("notice").textContent(), /^No later event of this message/);
  await lab.get("close-notice").click();
  await lab.get("message-previous").click();
  await lab.get("cause-previous").click();
  assert.ok(await kind(lab));
  for (let i = 0; i < 20 && (await lab.get("notice").count()) === 0; i += 1) await lab.press("z");
  assert.equal(await kind(lab), "input");
  assert.match(await lab.get("notice").textContent(), /^This is the first cause/);
  const seq = async () => Number(await lab.get("inspector").getAttribute("data-seq"));
  const first = await seq();
  await lab.press("]");
  assert.ok((await seq()) > first);
  assert.match(await lab.get("inspector").textContent(), /about hall/);
  await lab.press("[");
  assert.equal(await seq(), first);
});

story("tracks are hidden, filtered, pinned and collapsed, and come back", LAMPS, async (lab, page) => {
  await lab.computed();
  const all = await lab.painted();
  await lab.get("tracks-button").click();
  await lab.get("track-show", { client: "hub" }).uncheck();
  const without = await lab.painted();
  assert.ok(without.arrows < all.arrows, JSON.stringify([all, without]));
  await hidden(lab, 1);
  await lab.get("tracks-filter").fill("PORCH");
  await hidden(lab, 3);
  await lab.get("tracks-all").click();
  assert.deepEqual(await lab.painted(), all);
  await lab.get("tracks-hidden").waitFor({ state: "detached" });
  // The names are in the canvas: what is below moves up when one is collapsed.
  const before = await lab.inked("--gb-publish-0");
  await lab.get("track-collapse", { client: "hall" }).check();
  const after = await lab.inked("--gb-publish-0");
  assert.ok(after.from.y < before.from.y - 40, `${before.from.y} ${after.from.y}`);
  await lab.get("track-pin", { client: "porch" }).check();
  assert.ok((await lab.inked("--gb-publish-0")).from.y < after.from.y);
  await page.keyboard.press("Escape");
  await lab.get("tracks").waitFor({ state: "detached" });
});

story("a click on a name collapses its tracks, by touch too", LAMPS, async (lab, page) => {
  await lab.computed();
  const before = await lab.inked("--gb-publish-0");
  const box = await lab.get("timeline").boundingBox();
  const name = [box.x + 30, box.y + 48];
  await page.touchscreen.tap(...name);
  const after = await lab.inked("--gb-publish-0");
  assert.ok(after.from.y < before.from.y - 40);
  await page.touchscreen.tap(...name);
  assert.deepEqual(await lab.inked("--gb-publish-0"), before);
}, { hasTouch: true });

story("only the tracks of the chosen message", LAMPS, async (lab, page) => {
  await lab.computed();
  await lab.get("tracks-button").click();
  await lab.get("tracks-lit").check();
  assert.equal(await lab.get("tracks-hidden").count(), 0, "nothing is chosen");
  await page.keyboard.press("Escape");
  const publish = await lab.inked("--gb-publish-1");
  await page.mouse.click(publish.first.x, publish.first.y);
  await hidden(lab, 2);
});

story("a moment is marked, named, jumped to, kept in the link, and deleted", LAMPS, async (lab, page) => {
  await lab.computed();
  await lab.scrub(0.5);
  await lab.press("m");
  const at = await lab.at();
  await lab.get("markers-button").click();
  await lab.get("marker-name").fill("The porch");
  await lab.press("Home");
  await lab.get("marker-go").click();
  await lab.computed();
  assert.equal(await lab.at(), at);
  await lab.get("share").click();
  await page.waitForFunction(() => location.hash.includes("run="));
  await page.reload();
  await lab.get("play").waitFor();
  await lab.get("markers-button").click();
  assert.equal(await lab.get("marker-name").inputValue(), "The porch");
  await lab.get("marker-delete").click();
  await lab.get("marker").waitFor({ state: "detached" });
});
