// The strip of the whole run over the timeline, and the broker's own tracks under it.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

// One publication a second, so that the number of arrows says how much is in view.
const BEAT = `${scenarioHash({
  title: "A beat",
  until: "20s",
  clients: [
    { id: "lamp", link: { latency_ms: 200 }, connect: { will: { topic: "lamp/gone", payload: "gone" } } },
    { id: "hub" },
  ],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "0s", client: "hub", do: "connect" },
    { at: "1s", every: "1s", times: 16, client: "lamp", do: "publish", topic: "hall/1", payload: "on" },
    { at: "18s", client: "lamp", do: "cut" },
  ],
})}&t=20s`;

/** Which part of the run is in view, in seconds. */
const inView = async (lab) => {
  await lab.drawn();
  const words = await lab.get("minimap").getAttribute("aria-valuetext");
  const [, from, to] = /^0:([\d.]+)\D* to 0:([\d.]+)\D* of 0:20\.000$/.exec(words.replaceAll(/\u2009\d+/g, "")) ?? assert.fail(words);
  return { from: Number(from), to: Number(to) };
};

const near = (seen, wanted) => assert.ok(Math.abs(seen - wanted) < 0.3, `${seen} is not about ${wanted}`);

/** Drags from one part of the strip to another, each from 0 to 1. */
async function drag(lab, page, from, to) {
  const box = await lab.get("minimap").boundingBox();
  const x = (part) => box.x + 1 + (box.width - 2) * part;
  const y = box.y + box.height / 2;
  await page.mouse.move(x(from), y);
  await page.mouse.down();
  await page.mouse.move(x((from + to) / 2), y);
  await page.mouse.move(x(to), y);
  await page.mouse.up();
}

story("the frame of the minimap is resized at its edges, dragged, and comes to where one clicks", BEAT, async (lab, page) => {
  await lab.computed();
  const all = await lab.painted();
  const whole = await inView(lab);
  near(whole.from, 0);
  near(whole.to, 20);
  await drag(lab, page, 1, 0.5);
  near((await inView(lab)).to, 10);
  assert.ok((await lab.painted()).arrows < all.arrows, "the timeline shows less");
  await drag(lab, page, 0, 0.25);
  near((await inView(lab)).from, 5);
  await drag(lab, page, 0.4, 0.6);
  let seen = await inView(lab);
  near(seen.from, 9);
  near(seen.to, 14);
  await drag(lab, page, 0.9, 0.9);
  seen = await inView(lab);
  near(seen.from, 15);
  near(seen.to, 20);
  assert.equal(await lab.get("follow").getAttribute("aria-pressed"), "false");
  await lab.get("fit").click();
  assert.deepEqual(await inView(lab), whole);
});

story("the minimap is moved and zoomed by key", BEAT, async (lab, page) => {
  await lab.computed();
  await drag(lab, page, 1, 0.5);
  const at = await lab.at();
  await lab.get("minimap").focus();
  await page.keyboard.press("ArrowRight");
  let seen = await inView(lab);
  near(seen.from, 1);
  near(seen.to, 11);
  await page.keyboard.press("+");
  const zoomed = await inView(lab);
  assert.ok(zoomed.to - zoomed.from < 9);
  await page.keyboard.press("-");
  await page.keyboard.press("End");
  seen = await inView(lab);
  near(seen.to, 20);
  await page.keyboard.press("Home");
  near((await inView(lab)).from, 0);
  assert.equal(await lab.at(), at, "the view stays where it is");
});

story("the minimap is dragged by touch", BEAT, async (lab, page) => {
  await lab.computed();
  await drag(lab, page, 1, 0.25);
  const box = await lab.get("minimap").boundingBox();
  assert.ok(box.height >= 40, `${box.height}`);
  await page.touchscreen.tap(box.x + box.width * 0.75, box.y + 20);
  const seen = await inView(lab);
  near(seen.from, 12.5);
  near(seen.to, 17.5);
}, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

story("the broker has a group of tracks, which the menu collapses", BEAT, async (lab, page) => {
  await lab.computed();
  await lab.get("tracks-button").click();
  await lab.get("tracks-collapse").click();
  await lab.get("broker-collapse").uncheck();
  await page.keyboard.press("Escape");
  // The will's line is of the client's; the level of armed ones, of the same colour, is the broker's.
  const open = await lab.inked("--gb-will");
  assert.ok(open.to.y - open.from.y > 60, JSON.stringify(open));
  await page.mouse.click(open.from.x + 5, open.to.y - 4);
  assert.match(await lab.get("inspector").textContent(), /will\.armed/);
  await page.keyboard.press("Escape");
  await lab.get("tracks-button").click();
  await lab.get("broker-collapse").check();
  await page.keyboard.press("Escape");
  const closed = await lab.inked("--gb-will");
  assert.ok(closed.to.y < open.to.y - 40, JSON.stringify([open, closed]));
});
