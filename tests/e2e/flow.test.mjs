// The flow: what the sequence diagram says, and what one does on it. Its words are read as they are painted, and what its lines of
// text say.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

/** The number before a word of the summary. */
async function told(lab, word) {
  await lab.drawn();
  const text = await lab.get("flow-summary").textContent();
  return Number(new RegExp(`(\\d+) ${word}`).exec(text)[1]);
}

/** The rows as text, as they are copied. */
async function rows(lab, page) {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      globalThis.copied = text;
    };
  });
  await lab.get("flow-copy").click();
  return (await page.evaluate(() => globalThis.copied)).trim().split("\n");
}

/** What is painted on the flow's canvas, with where it stands. */
async function words(lab, page) {
  await page.evaluate(() => {
    globalThis.painted = [];
    const { fillText, setTransform } = CanvasRenderingContext2D.prototype;
    const isFlow = (context) => context.canvas.closest("[data-test=flow]");
    CanvasRenderingContext2D.prototype.setTransform = function (...to) {
      if (isFlow(this)) globalThis.painted = [];
      setTransform.apply(this, to);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      if (isFlow(this)) globalThis.painted.push({ text, x, y });
      fillText.call(this, text, x, y);
    };
    dispatchEvent(new Event("resize"));
  });
  await lab.drawn();
  return page.evaluate(() => globalThis.painted);
}

/** How far the diagram is from its end, in pixels. */
const fromEnd = (lab) => lab.get("flow").evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop);

/** Clicks on some words of the diagram. */
async function clickOn(lab, page, text) {
  const { x, y } = (await words(lab, page)).find((one) => one.text === text);
  const box = await lab.get("flow").boundingBox();
  await page.mouse.click(box.x + x + 4, box.y + y - 4);
  await lab.drawn();
}

story("beside the flow the timeline has room for two clients", "v=1&lesson=qos&t=24s&view=flow", async (lab, page) => {
  await lab.computed();
  const [timeline, flow] = await Promise.all([".timeline", ".flow"].map((panel) => page.locator(`.panels ${panel}`).boundingBox()));
  assert.ok(timeline.height > 300, `${timeline.height}`);
  assert.ok(flow.height > 240 && flow.y + flow.height <= 900, `${flow.height} from ${flow.y}`);
});

story("a QoS 2 message is four packets each way, with their identifiers", "v=1&lesson=qos&t=14s&view=flow", async (lab, page) => {
  await lab.computed();
  await lab.get("flow-message").click();
  await lab.get("flow-choose").waitFor();
  const said = (await rows(lab, page)).map((row) => row.replace(/^\S+ /, ""));
  const sensor = said.filter((row) => row.includes("sensor"));
  assert.deepEqual(sensor, [
    "sensor → broker PUBLISH QoS 2 #2 room/alarm",
    "broker → sensor PUBREC #2",
    "sensor → broker PUBREL #2",
    "broker → sensor PUBCOMP #2",
  ]);
  const phone = said.filter((row) => row.includes("phone"));
  assert.deepEqual(phone.map((row) => /PUB\w+/.exec(row)[0]), ["PUBLISH", "PUBREC", "PUBREL", "PUBCOMP"]);
  assert.deepEqual(said.filter((row) => row.includes("display")), ["broker → display PUBLISH QoS 0 room/alarm"]);
});

story("a packet that a cut took is crossed out, with the reason", "v=1&lesson=qos&t=18s&view=flow", async (lab, page) => {
  await lab.computed();
  assert.equal(await told(lab, "of them lost"), 1);
  const painted = await words(lab, page);
  assert.ok(painted.some(({ text }) => text === "lost: the network was cut"));
  assert.ok(painted.some(({ text }) => text === "network cut"));
});

story("waits are folded with their length, and to scale where one wants that", "v=1&lesson=qos&t=14s&view=flow", async (lab, page) => {
  await lab.computed();
  assert.equal(await told(lab, "waits folded"), 4);
  assert.ok((await words(lab, page)).some(({ text }) => text === "2.8 s"));
  const height = () => lab.get("flow").evaluate((one) => one.scrollHeight);
  const folded = await height();
  await lab.get("flow-fold").click();
  assert.equal(await told(lab, "waits folded"), 0);
  assert.ok((await height()) > 1.5 * folded, `${await height()} is not much more than ${folded}`);
});

story("the diagram goes down with the view until one scrolls, and again when asked to", "v=1&lesson=qos&t=8s&view=flow", async (lab, page) => {
  await lab.computed();
  const before = await told(lab, "packets");
  await lab.get("play").click();
  await page.waitForFunction((before) => Number(/(\d+) packets/.exec(document.querySelector("[data-test=flow-summary]").textContent)[1]) > before, before);
  assert.ok((await fromEnd(lab)) <= 2);
  await lab.get("flow").hover();
  await page.mouse.wheel(0, -400);
  await lab.get("flow-follow").waitFor();
  const top = await lab.get("flow").evaluate((one) => one.scrollTop);
  await lab.toEnd();
  assert.equal(await lab.get("flow").evaluate((one) => one.scrollTop), top);
  await lab.get("flow-follow").click();
  await lab.drawn();
  assert.ok((await fromEnd(lab)) <= 2);
  assert.equal(await lab.get("flow-follow").count(), 0);
});

story("what has not happened is not drawn", "v=1&lesson=qos&t=10.15s&view=flow", async (lab, page) => {
  await lab.computed();
  await lab.toEnd();
  const all = await told(lab, "packets");
  await lab.scrub(10.15 / 50);
  assert.ok((await told(lab, "packets")) < all / 2);
  assert.match((await rows(lab, page)).at(-1), /^0:10\.000 sensor → broker PUBLISH QoS 2 #2 room\/alarm \(on its way\)$/);
});

story("a click on a packet chooses it, keys move on, Enter inspects", "v=1&lesson=qos&t=14s&view=flow", async (lab, page) => {
  await lab.computed();
  const chosen = () => lab.get("inspector").locator("h2").textContent();
  await clickOn(lab, page, "PUBCOMP");
  assert.equal(await chosen(), "PUBCOMP");
  await lab.get("flow").focus();
  await page.keyboard.press("ArrowUp");
  await lab.drawn();
  assert.match(await chosen(), /^PUB(REL|COMP|REC)$/);
  await page.keyboard.press("Home");
  await lab.drawn();
  assert.equal(await chosen(), "CONNECT");
  assert.equal(await lab.get("flow").evaluate((one) => one.scrollTop), 0, "it is in sight");
  await page.keyboard.press("End");
  await lab.drawn();
  assert.equal(await chosen(), "PUBCOMP");
  await lab.get("flow-message").click();
  assert.equal(await lab.get("flow-choose").count(), 0);
  assert.equal(await told(lab, "packets"), 9);
});

story("one client's packets are those between it and the broker", "v=1&lesson=qos&t=14s&view=flow", async (lab, page) => {
  await lab.computed();
  await lab.get("flow-client").click();
  await lab.get("flow-of").selectOption("display");
  await lab.drawn();
  const said = await rows(lab, page);
  assert.ok(said.every((row) => row.includes("display") || row.endsWith("later")), said.join("\n"));
  assert.equal(said.filter((row) => row.includes("PUBLISH")).length, 3);
});

story("it shows what the timeline shows", "v=1&lesson=qos&t=14s&view=flow", async (lab) => {
  await lab.computed();
  const all = await told(lab, "packets");
  await lab.get("flow-window").click();
  assert.equal(await told(lab, "packets"), all);
  for (let i = 0; i < 6; i += 1) await lab.press("w");
  assert.ok((await told(lab, "packets")) < all);
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

story("of very many rows some are shown, and there is a way to the others", `${DENSE}&t=20s&view=flow`, async (lab) => {
  await lab.computed();
  const shown = await told(lab, "rows");
  assert.ok(shown <= 1000);
  assert.equal(await lab.get("flow-before").textContent(), `… ${(2002 - shown).toLocaleString("en")} more before`);
  await lab.get("flow-before").click();
  await lab.get("flow-after").waitFor();
  await lab.get("flow-follow").click();
  await lab.drawn();
  assert.equal(await lab.get("flow-after").count(), 0);
});

story("before anything was sent it says so", "v=1&lesson=hello&t=0s&view=flow", async (lab) => {
  await lab.computed();
  await lab.get("flow-empty").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  story(`on a phone the flow is a tab without faults, ${colorScheme}`, "v=1&lesson=will&t=32s", async (lab, page) => {
    await lab.computed();
    await lab.tab("flow");
    await lab.drawn();
    assert.ok((await told(lab, "packets")) > 20);
    assert.deepEqual(await faults(page), []);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `${beyond} pixels beyond the edge`);
    const { height } = await lab.get("flow-all").boundingBox();
    assert.ok(height >= 40);
  }, { ...PHONE, colorScheme });
}

const FAULTS = scenarioHash({
  title: "Faults",
  until: "60s",
  clients: [{ id: "sensor", mqtt: "5", link: { latency_ms: 100 } }],
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    { at: "2s", client: "sensor", do: "stall", for: "5s" },
    { at: "3s", client: "sensor", do: "publish", topic: "t", qos: 1 },
    { at: "9s", client: "sensor", do: "what_if_duplicate", way: "to_broker" },
    { at: "10s", client: "sensor", do: "publish", topic: "t", qos: 1 },
  ],
});

story("a stalled packet waits on its way, and a doubled one has a second arrow", `${FAULTS}&t=5s&view=flow`, async (lab, page) => {
  await lab.computed();
  assert.equal((await rows(lab, page)).at(-1), "0:03.000 sensor → broker PUBLISH QoS 1 #1 t (held back by the network)");
  assert.ok((await words(lab, page)).some(({ text }) => text === "held back"));
  await lab.toEnd();
  const said = await rows(lab, page);
  assert.ok(said.includes("0:03.000 sensor → broker PUBLISH QoS 1 #1 t (held back until 0:07.000)"), said.join("\n"));
  assert.ok(said.includes("0:10.000 sensor → broker PUBLISH QoS 1 #2 t (what-if: arrives twice)"), said.join("\n"));
  const painted = await words(lab, page);
  assert.ok(painted.some(({ text }) => text === "what-if: arrives twice"));
  assert.ok(painted.some(({ text }) => text === "W"));
});

story("a message's own diagram is in sight, wherever the pointer was in the longer one of all", "v=1&lesson=qos&t=11s&view=flow", async (lab, page) => {
  await lab.computed();
  const flow = await lab.get("flow").boundingBox();
  // A tooltip at the lower end of the diagram, which is left with the pointer.
  const [, arrow] = (await words(lab, page)).filter(({ text }) => text.startsWith("PUB")).slice(-2);
  await page.mouse.click(flow.x + arrow.x, flow.y + arrow.y + 4);
  await lab.get("flow-message").click();
  await page.waitForFunction(() => {
    const { scrollTop, scrollHeight, clientHeight } = document.querySelector("[data-test=flow]");
    const spacer = document.querySelector(".flow-spacer").getBoundingClientRect().height;
    return scrollTop <= spacer + 1 && scrollHeight <= clientHeight + spacer + 1;
  });
});
