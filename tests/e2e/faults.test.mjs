// Faults by hand: on a link, on one packet, on a client and on the broker; each with its way back, and all of it in the link.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();
const lasting = { clean_start: false, session_expiry_s: 3600 };
const RUN = {
  title: "Faults",
  until: "60s",
  clients: [
    { id: "sensor", mqtt: "5", connect: lasting, link: { latency_ms: 200 } },
    { id: "panel", mqtt: "5", connect: lasting, link: { latency_ms: 200 } },
  ],
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    { at: "0s", client: "panel", do: "connect" },
    { at: "1s", client: "panel", do: "subscribe", filters: [{ filter: "t", qos: 1 }] },
    { at: "2s", every: "1s", times: 20, client: "sensor", do: "publish", topic: "t", qos: 1, payload: "{{n}}" },
  ],
};
const HASH = `${scenarioHash(RUN)}&t=5.1s`;

const card = (lab, client) => lab.get("client", { client });

/** Opens the faults of a client. */
async function faults(lab, client) {
  await lab.computed();
  await card(lab, client).locator('[data-test="faults"]').click();
  await lab.get("faults-dialog").waitFor();
}

/** What the card says is wrong. */
async function said(lab, client) {
  await lab.drawn();
  return card(lab, client).locator('[data-test="fault"]').allInnerTexts();
}

/** The text of the events by now, of the kinds that there are on the screen. */
async function rows(lab, kind) {
  return lab.get("event-row", { kind }).allInnerTexts();
}

/** Goes to the end of the run. */
async function toTheEnd(lab) {
  await lab.press("End");
  await lab.computed();
}

story("a way that is made half-open is told on the card, and restored there", HASH, async (lab) => {
  await faults(lab, "panel");
  await lab.get("half-open-up").click();
  await lab.get("half-open-down").click();
  await lab.get("close-dialog").click();
  assert.deepEqual(await said(lab, "panel"), ["half-open to the broker", "half-open to the client"]);
  await card(lab, "panel").locator('[data-test="restore"]').click();
  assert.deepEqual(await said(lab, "panel"), []);
});

story("a stall says until when, and takes no length that it cannot have", HASH, async (lab) => {
  await faults(lab, "sensor");
  await lab.get("stall-for").fill("0");
  await lab.drawn();
  assert.equal(await lab.get("stall").isDisabled(), true);
  await lab.get("stall-for").fill("2.5");
  await lab.get("stall").click();
  assert.match((await said(lab, "sensor"))[0], /^stalled until 0:07\.600/);
});

story("a slow link is chosen by its kind, and the usual one is a press away", HASH, async (lab) => {
  await faults(lab, "sensor");
  await lab.get("link-preset").selectOption("Satellite");
  assert.equal(await lab.get("link-latency").inputValue(), "300");
  await lab.get("slow").click();
  await lab.get("close-dialog").click();
  assert.deepEqual(await said(lab, "sensor"), ["link: 300 ms, 250000 bytes/s"]);
  await card(lab, "sensor").locator('[data-test="usual-link"]').click();
  assert.deepEqual(await said(lab, "sensor"), []);
});

story("a packet on its way is chosen on the timeline's list and dropped as a what-if", HASH, async (lab) => {
  await lab.computed();
  // The PUBLISH of 5 s is on its way for 200 ms.
  await lab.get("event-row", { kind: "packet.sent", client: "sensor" }).last().click();
  await lab.get("what-if").click();
  assert.match(await lab.get("what-if-packet").locator("option:checked").innerText(), /^PUBLISH to the broker, #/);
  await lab.get("what-if-drop").click();
  await lab.get("close-dialog").click();
  await lab.drawn();
  const lost = await rows(lab, "packet.lost");
  assert.match(lost.at(-1), /PUBLISH t, QoS 1: 4.*what-if: one packet dropped by hand/s);
  assert.equal(await lab.get("what-if").count(), 0, "it is on its way no more");
});

story("a what-if waits for the next packet of its type, is told, and can be forgotten", HASH, async (lab) => {
  await faults(lab, "panel");
  await lab.get("what-if-packet").selectOption({ label: "Next PUBACK to the broker" });
  await lab.get("what-if-duplicate").click();
  assert.deepEqual(await said(lab, "panel"), ["1 what-if waits"]);
  await lab.get("faults-state").locator('[data-test="forget"]').click();
  assert.deepEqual(await said(lab, "panel"), []);
});

story("a client that crashed is restarted with its session", HASH, async (lab) => {
  await faults(lab, "sensor");
  await lab.get("crash").click();
  assert.deepEqual(await said(lab, "sensor"), ["It has no power."]);
  await lab.get("restart-kept").click();
  assert.deepEqual(await said(lab, "sensor"), []);
  await lab.get("close-dialog").click();
  await card(lab, "sensor").locator('[data-test="connect"]').click();
  await lab.press("End");
  await lab.computed();
  assert.match(await card(lab, "sensor").locator('[data-test="client-state"]').innerText(), /^connected/);
});

story("a client that stops acknowledging says what it owes, and resumes", HASH, async (lab) => {
  await faults(lab, "panel");
  await lab.get("stop-acks").click();
  await lab.get("close-dialog").click();
  assert.deepEqual(await said(lab, "panel"), ["acks stopped"]);
  await toTheEnd(lab);
  assert.match((await said(lab, "panel"))[0], /^acks stopped: owes \d+$/);
  await card(lab, "panel").locator('[data-test="back-acks"]').click();
  assert.deepEqual(await said(lab, "panel"), []);
});

story("bytes in hexadecimal are shown as what they decode to before they are sent", HASH, async (lab) => {
  await faults(lab, "panel");
  const hex = lab.get("hex-typed");
  await hex.fill("C");
  await lab.drawn();
  assert.equal(await lab.get("send-hex").isDisabled(), true);
  await hex.fill("c1 00");
  await lab.drawn();
  assert.match(await lab.get("hex-judged").innerText(), /^Malformed at byte 0/);
  await hex.fill("30 05 00 01 74 00 21");
  await lab.drawn();
  assert.equal(await lab.get("hex-judged").innerText(), "This is one whole packet.");
  assert.equal(await lab.get("faults-client").locator('[data-test="field"][data-field="Topic Name"]').count(), 1);
  await lab.get("send-hex").click();
  await lab.get("close-dialog").click();
  await lab.drawn();
  assert.match((await rows(lab, "packet.sent")).at(-1), /PUBLISH t: !/);
});

story("the broker restarts without its stores from its own panel", HASH, async (lab) => {
  await lab.computed();
  assert.equal(await lab.get("session").count(), 2);
  await lab.get("broker-faults").click();
  assert.equal(await lab.get("faults-link").count(), 0, "there is no link of the broker's own");
  await lab.get("broker-restart").click();
  await lab.get("close-dialog").click();
  await lab.drawn();
  assert.equal(await lab.get("session").count(), 0);
});

story("faults are reached and left by the keyboard", HASH, async (lab, page) => {
  await lab.computed();
  await card(lab, "panel").locator('[data-test="faults"]').focus();
  await page.keyboard.press("Enter");
  await lab.get("faults-dialog").waitFor();
  await lab.get("half-open-up").focus();
  await page.keyboard.press("Space");
  await lab.drawn();
  await page.keyboard.press("Escape");
  await lab.drawn();
  assert.equal(await lab.get("faults-dialog").count(), 0);
  assert.deepEqual(await said(lab, "panel"), ["half-open to the broker"]);
});

const MARKED = {
  ...RUN,
  steps: [
    ...RUN.steps,
    { at: "3.5s", client: "sensor", do: "what_if_duplicate", way: "to_broker", packet: "PUBLISH" },
    { at: "3.6s", client: "panel", do: "stall", for: "1s" },
  ],
};
story("a what-if has a mark of its own on the timeline, which leads to what it is", `${scenarioHash(MARKED)}&t=6s`, async (lab, page) => {
  await lab.computed();
  const { first } = await lab.inked("--gb-what-if");
  await page.mouse.click(first.x, first.y + 6);
  await lab.drawn();
  assert.equal(await lab.get("rule", { rule: "glassbroker.what-if" }).count(), 1);
  assert.match(await lab.get("inspector").innerText(), /one packet doubled by hand/);
});

story("what was done by hand to a link is in the link of the run", HASH, async (lab, page) => {
  await faults(lab, "panel");
  await lab.get("half-open-down").click();
  await lab.get("close-dialog").click();
  await lab.drawn();
  const before = await said(lab, "panel");
  await lab.get("share").click();
  await lab.drawn();
  const url = page.url();
  assert.match(url, /run=/);
  await page.goto("about:blank");
  await page.goto(url);
  await lab.get("play").waitFor();
  await lab.computed();
  assert.deepEqual(await said(lab, "panel"), before);
  assert.deepEqual(before, ["half-open to the client"]);
});
