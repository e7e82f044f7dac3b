// One topic: its payload in each form, what differs from the one before, its numbers over time, and who receives it.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const say = (at, topic, payload, more = {}) => ({ at, client: "sensor", do: "publish", topic, payload, qos: 1, ...more });
const LARGE = "x".repeat(50_000);
const PLANT = scenarioHash({
  title: "A plant",
  until: "30s",
  clients: [
    { id: "sensor" },
    { id: "dashboard" },
    { id: "away", connect: { session_expiry_s: 3600 } },
    { id: "worker-1" },
    { id: "worker-2" },
    { id: "near" },
  ],
  steps: [
    ...["sensor", "dashboard", "away", "worker-1", "worker-2", "near"].map((client) => ({ at: "0s", client, do: "connect" })),
    { at: "500ms", client: "dashboard", do: "subscribe", filters: [{ filter: "plant/+/state", qos: 0 }] },
    { at: "500ms", client: "away", do: "subscribe", filters: [{ filter: "plant/#", qos: 1 }] },
    ...["worker-1", "worker-2"].map((client) => ({ at: "500ms", client, do: "subscribe", filters: [{ filter: "$share/crew/plant/#", qos: 1 }] })),
    { at: "500ms", client: "near", do: "subscribe", filters: [{ filter: "plant/1/State" }] },
    { at: "1s", client: "away", do: "disconnect" },
    say("2s", "plant/1/state", '{"t": 20, "mode": "auto", "on": true}'),
    say("3s", "plant/1/state", '{"mode": "auto", "t": 24.5, "on": true, "note": null}'),
    say("4s", "plant/1/state", '{"mode": "auto", "t": 22, "on": false}'),
    say("5s", "plant/1/text", "<b>bold</b>\u0007"),
    say("5s", "plant/1/large", LARGE),
    say("5s", "plant/1/bytes", { hex: "00ff10" }),
    say("6s", "plant/1/bytes", { hex: "00fe10" }),
  ],
});

const row = (lab, topic) => lab.page.locator(`[data-test="topic-leaf"][data-topic="${topic}"]`);
const part = async (lab, topic, name) => {
  await row(lab, topic).click();
  const panel = lab.get("topic", { topic });
  await panel.locator(`[data-test="topic-${name}"]`).click();
  await lab.drawn();
  return panel;
};
const lines = (panel) => panel.locator('[data-test="difference"] li').evaluateAll((all) => all.map((li) => li.textContent));

story("a payload is JSON, text or hexadecimal digits, never markup, and says what it leaves out", `${PLANT}&t=7s`, async (lab) => {
  await lab.computed();
  const json = await part(lab, "plant/1/state", "payload");
  assert.match(await json.locator('[data-test="payload"]').textContent(), /mode: "auto".*t: 22/s);
  await json.locator('[data-test="payload-as-Text"]').click();
  await lab.drawn();
  assert.equal(await json.locator('[data-test="payload"]').textContent(), '{"mode": "auto", "t": 22, "on": false}');
  const text = await part(lab, "plant/1/text", "payload");
  assert.equal(await text.locator('[data-test="payload"]').textContent(), "<b>bold</b>␇", "a control character is seen");
  assert.equal(await text.locator('[data-test="payload"] b').count(), 0);
  const large = await part(lab, "plant/1/large", "payload");
  // 50,000 bytes, of which 16 KiB are shown.
  assert.equal(await large.locator('[data-test="payload-more"]').textContent(), "… 33.6 kB more");
  assert.equal((await large.locator('[data-test="payload"]').textContent()).length, 16_384);
  await large.locator('[data-test="topic-inspect"]').click();
  await lab.get("inspector").waitFor();
});

story("the difference from the message before is told by JSON fields or by bytes, with signs", `${PLANT}&t=7s`, async (lab) => {
  await lab.computed();
  const panel = await part(lab, "plant/1/state", "difference");
  assert.deepEqual(await lines(panel), [
    ' the same: mode: "auto"',
    "−gone: t: 24.5",
    "+new: t: 22",
    "−gone: on: true",
    "+new: on: false",
    "−gone: note: null",
  ]);
  const bytes = await part(lab, "plant/1/bytes", "difference");
  assert.deepEqual(await lines(bytes), ["−gone: 0000  00 ff 10", "+new: 0000  00 fe 10"]);
  await row(lab, "plant/1/text").click();
  await lab.get("topic", { topic: "plant/1/text" }).getByText("first message").waitFor();
});

story("numbers are plotted up to the view, by field, with a table of the values", `${PLANT}&t=3.5s`, async (lab) => {
  await lab.computed();
  const panel = await part(lab, "plant/1/state", "plot");
  const told = panel.locator('[data-test="plotted"]');
  await told.filter({ hasText: "from 20 to 24.5, the last 24.5" }).waitFor();
  assert.equal(await panel.locator("circle").count(), 2, "that of 4 s has not come");
  assert.deepEqual(await panel.locator('[data-test="plot-field"] option').allTextContents(), ["t", "on"]);
  await panel.locator("summary").click();
  assert.deepEqual(await panel.locator('[data-test="plot-table"] tbody tr td:last-child').allTextContents(), ["24.5", "20"]);
  const cursor = panel.locator('[data-test="chart-view"]');
  const before = Number(await cursor.getAttribute("data-x"));
  await lab.scrub(7 / 30);
  await told.filter({ hasText: "3 values in the run; up to the view from 20 to 24.5, the last 22" }).waitFor();
  await lab.scrub(2.5 / 30);
  await told.filter({ hasText: "from 20 to 20, the last 20" }).waitFor();
  assert.ok(Number(await cursor.getAttribute("data-x")) < before || before === 280);
  await panel.locator('[data-test="plot-field"]').selectOption("on");
  await told.filter({ hasText: "from 1 to 1" }).waitFor();
  await row(lab, "plant/1/state").click();
  assert.deepEqual(await faults(lab.page), []);
});

const MIXED = scenarioHash({
  title: "Numbers, and then a word",
  until: "10s",
  clients: [{ id: "sensor" }],
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    say("1s", "plant/t", "20"),
    say("2s", "plant/t", "23"),
    say("3s", "plant/t", "broken"),
    say("3s", "plant/word", "on"),
  ],
});

story("numbers before a last payload without one are plotted, with a note", `${MIXED}&t=2.5s`, async (lab) => {
  await lab.computed();
  const panel = await part(lab, "plant/t", "plot");
  const told = panel.locator('[data-test="plotted"]').filter({ hasText: "2 values in the run; up to the view from 20 to 23, the last 23" });
  await told.waitFor();
  const note = panel.locator('[data-test="no-number"]');
  assert.equal(await note.count(), 0);
  await lab.scrub(5 / 10);
  await note.waitFor();
  await told.waitFor();
  assert.equal(await panel.locator("circle").count(), 2);
  await lab.scrub(1.5 / 10);
  await note.waitFor({ state: "detached" });
  await row(lab, "plant/word").waitFor({ state: "detached" });
  await lab.scrub(5 / 10);
  const words = await part(lab, "plant/word", "plot");
  await words.locator('[data-test="no-numbers"]').waitFor();
});

const UNREACHED = ["well", "dead", "late", "cut", "crashed", "gone"];
const UNNOTICED = scenarioHash({
  title: "Faults that the broker does not know",
  until: "10s",
  clients: [{ id: "sensor" }, ...UNREACHED.map((id) => ({ id, connect: { keep_alive_s: 60 } }))],
  steps: [
    ...["sensor", ...UNREACHED].map((client) => ({ at: "0s", client, do: "connect" })),
    ...UNREACHED.map((client) => ({ at: "1s", client, do: "subscribe", filters: [{ filter: "t" }] })),
    say("2s", "t", "1"),
    { at: "3s", client: "dead", do: "half_open", way: "to_client" },
    { at: "3s", client: "late", do: "stall", for: "5s" },
    { at: "3s", client: "cut", do: "cut" },
    { at: "3s", client: "crashed", do: "crash" },
    { at: "3s", client: "gone", do: "cut" },
    { at: "4s", client: "gone", do: "restore" },
  ],
});

story("what is sent at once to a client that it does not reach now says why", `${UNNOTICED}&t=5s`, async (lab) => {
  await lab.computed();
  const panel = await part(lab, "t", "receivers");
  const line = async (client) => {
    const one = panel.locator(`[data-test="receiver"][data-client="${client}"][data-outcome="now"]`);
    return `${await one.locator(".outcome").textContent()} ${await one.locator("p").textContent()}`;
  };
  const lost = "⚠ sent at once, but it does not arrive now: ";
  assert.match(await line("well"), /^✓ sent at once($| )/);
  for (const [client, why] of [
    ["dead", "half-open to the client"],
    ["late", "stalled until 0:08"],
    ["cut", "network cut"],
    ["crashed", "the client has no power"],
    ["gone", "the client has left this connection"],
  ]) {
    const said = await line(client);
    assert.ok(said.startsWith(lost + why), said);
  }
});

// [S3] [H3] [MQTT-4.7.3-4]
story("who receives this is answered for each client, with the rule", `${PLANT}&t=7s`, async (lab) => {
  await lab.computed();
  const panel = await part(lab, "plant/1/state", "receivers");
  const receiver = (client) => panel.locator(`[data-test="receiver"][data-client="${client}"]`);
  await receiver("dashboard").waitFor();
  const outcome = async (client) => receiver(client).getAttribute("data-outcome");
  assert.equal(await outcome("dashboard"), "now");
  assert.match(await receiver("dashboard").textContent(), /QoS 0 by plant\/\+\/state/);
  assert.equal(await outcome("away"), "later");
  assert.match(await receiver("away").textContent(), /away.*stored.*MQTT-/);
  assert.match(await receiver("near").textContent(), /plant\/1\/State parts at level 3: “State” is not “state”.*MQTT-4\.7\.3-4/);
  const crew = [await outcome("worker-1"), await outcome("worker-2")].sort();
  assert.deepEqual(crew, ["never", "now"], "one of those who share it");
  assert.equal(await outcome("sensor"), "never");
  // At QoS 0 nothing is stored for who is away.
  await panel.locator('[data-test="receivers-qos"]').selectOption("QoS 0");
  await panel.locator('[data-client="away"][data-outcome="never"]').waitFor();
  await panel.locator('[data-test="receivers-topic"]').fill("office/1");
  await panel.locator('[data-client="dashboard"][data-outcome="never"]').waitFor();
  await panel.locator('[data-test="receivers-topic"]').fill("office/#");
  await panel.locator('[role="alert"]').waitFor();
  assert.equal(await panel.locator('[data-test="receiver"]').count(), 0);
});

story("who receives this can be asked of any topic that is typed", `${PLANT}&t=7s`, async (lab) => {
  await lab.computed();
  await lab.get("ask-receivers").click();
  await lab.get("receivers-topic").fill("plant/9/new");
  await lab.get("receiver", { client: "away", outcome: "later" }).waitFor();
  assert.deepEqual(await faults(lab.page), []);
});

story(
  "on a phone the chosen topic stands under the tree",
  `${PLANT}&t=7s`,
  async (lab) => {
    await lab.computed();
    await lab.tab("topics");
    await row(lab, "plant/1/state").click();
    const panel = lab.get("topic", { topic: "plant/1/state" });
    await panel.waitFor();
    await panel.locator('[data-test="topic-plot"]').click();
    await panel.locator('[data-test="chart"]').waitFor();
    const [tree, box] = [await lab.get("topics").boundingBox(), await panel.boundingBox()];
    assert.ok(box.y >= tree.y + tree.height, "under it");
    assert.ok(box.x >= 0 && box.x + box.width <= 360);
    assert.deepEqual(await faults(lab.page), []);
  },
  { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
);
