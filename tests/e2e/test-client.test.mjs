// The test client: it subscribes to several filters at once, publishes, and shows what it received until the view.
import assert from "node:assert/strict";
import { faults } from "../support/axe.mjs";
import { PHONE, scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

/** The panel of a lab, by what one does there. */
class Panel {
  constructor(lab) {
    this.lab = lab;
    this.forms = lab.page.locator(".test-forms");
  }
  field(name) {
    return this.forms.locator(`[data-test="${name}"]`);
  }
  async add() {
    await this.lab.get("test-add").click();
    await this.lab.get("test-state").getByText("connected", { exact: true }).waitFor();
  }
  async subscribe(filter, qos = 1) {
    await this.field("subscribe-filter").fill(filter);
    await this.field("subscribe-qos").selectOption(`QoS ${qos}`);
    await this.field("subscribe").click();
    await this.column(filter).waitFor();
  }
  column(filter) {
    return this.lab.get("test-column", { filter });
  }
  /** The rows of a column that are on the screen, as text with single spaces. */
  async rows(filter) {
    await this.lab.drawn();
    const texts = await this.column(filter).locator('[data-test="received-row"]').allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim());
  }
  async write(topic, payload, form = "Text") {
    await this.field("publish-topic").fill(topic);
    await this.field("publish-form").selectOption(form);
    await this.field("publish-payload").fill(payload);
  }
  async publish(topic, payload, form) {
    await this.write(topic, payload, form);
    await this.field("publish").click();
  }
  /** Until the answer to what was asked last says this. */
  async answered(text) {
    await this.lab.get("test-answer").filter({ hasText: text }).waitFor();
  }
}

const PLANT = scenarioHash({
  until: "60s",
  clients: [{ id: "sensor", mqtt: "5" }],
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    { at: "1s", client: "sensor", do: "publish", topic: "plant/1/state", payload: '{"on":true,"parts":{"pump":[1,2]}}', retain: true, qos: 1 },
    { at: "30s", client: "sensor", do: "publish", topic: "plant/1/temperature", payload: "<img src=x onerror=alert(1)>", qos: 1 },
    { at: "31s", client: "sensor", do: "publish", topic: "plant/2/temperature", payload: { hex: "00ff10" } },
    { at: "32s", client: "sensor", do: "publish", topic: "office/1/temperature", payload: "20" },
  ],
});

// [X1]
story("several filters at once, each a column: what matches two stands in both, and rewound none of it is there", `${PLANT}&view=test-client`, async (lab, page) => {
  const panel = new Panel(lab);
  await lab.page.waitForFunction(() => Number(document.querySelector("[data-test=clock]").dataset.us) > 1_100_000);
  await panel.add();
  await panel.subscribe("plant/#");
  await panel.subscribe("plant/+/temperature", 0);
  assert.equal(await panel.column("plant/#").locator('[data-test="test-granted"]').innerText(), "QoS 1");
  await lab.pause();
  await lab.scrub(40 / 60);

  const [state, text, binary] = await panel.rows("plant/#");
  assert.match(state, /^plant\/1\/state 0:\d\d.* \{"on":true,.* QoS 1 RETAIN$/);
  assert.match(text, /^plant\/1\/temperature 0:30\.\d+ <img src=x onerror=alert\(1\)> QoS 1$/);
  assert.match(binary, /^plant\/2\/temperature 0:31\.\d+ 3 bytes QoS 0$/);
  const temperatures = await panel.rows("plant/+/temperature");
  assert.deepEqual(temperatures.map((row) => row.split(" ")[0]), ["plant/1/temperature", "plant/2/temperature"]);

  // A row leads to its event, and the payload is shown as what it is.
  const row = (topic) => panel.column("plant/#").locator(`[data-topic="${topic}"]`);
  const message = lab.get("test-message");
  const payload = message.locator('[data-test="payload"]');
  await row("plant/1/state").click();
  await lab.drawn();
  assert.equal(await lab.get("inspector").getAttribute("data-seq"), await row("plant/1/state").getAttribute("data-seq"));
  assert.match((await payload.innerText()).replace(/\s+/g, " "), /on: true parts: \{ pump: \[ 1 2/);
  await payload.locator("summary").filter({ hasText: "parts" }).click();
  assert.doesNotMatch(await payload.innerText(), /pump/);
  await message.locator('[data-test="payload-as-Text"]').click();
  assert.equal(await payload.innerText(), '{"on":true,"parts":{"pump":[1,2]}}');
  await row("plant/1/temperature").click();
  await lab.drawn();
  assert.equal(await payload.innerText(), "<img src=x onerror=alert(1)>");
  assert.equal(await page.locator("img").count(), 0);
  await row("plant/2/temperature").click();
  await lab.drawn();
  assert.match(await payload.innerText(), /^0000 {2}00 ff 10 /);
  assert.deepEqual(await faults(page), []);

  await lab.scrub(30.5 / 60);
  assert.equal((await panel.rows("plant/+/temperature")).length, 1);
  await lab.scrub(1 / 60);
  assert.equal(await lab.get("test-column").count(), 0);
  assert.equal(await lab.get("test-add").isVisible(), true, "nor is the client");

  // Whoever gets the link sees the same.
  await lab.scrub(40 / 60);
  await lab.get("share").click();
  await lab.get("notice").waitFor();
  await page.reload();
  await lab.computed();
  assert.equal((await panel.rows("plant/#")).length, 3);
  assert.equal(await lab.get("events").count(), 0, "the link leads to this panel");
});

// [X1]
story("JSON is checked while it is written; properties, RETAIN and bytes arrive as they were given", "v=1&lesson=empty&view=test-client", async (lab) => {
  const panel = new Panel(lab);
  await panel.add();
  await panel.subscribe("a/#", 2);
  await panel.write("a/json", '{ "t": 21,\n  "unit" "C" }', "JSON");
  await lab.drawn();
  assert.match(await panel.forms.locator('[role="alert"]').innerText(), /^Line 2, column 10: `:` is missing/);
  assert.equal(await panel.field("publish").isDisabled(), true);
  await panel.field("publish-payload").fill('{ "t": 21 }');
  await panel.field("publish-qos").selectOption("QoS 2");
  await panel.field("publish-retain").check();
  await panel.field("publish-properties").click();
  for (const [name, value] of [["expiry", "60"], ["content-type", "application/json"], ["response", "b/#"], ["correlation", "7f00"], ["user", "unit: C\nsite: A: 1"]]) {
    await panel.field(`publish-${name}`).fill(value);
  }
  await panel.field("publish-correlation-form").selectOption("Hex");
  await panel.field("publish-format").selectOption("UTF-8 text");
  await lab.drawn();
  assert.equal(await panel.field("publish").isDisabled(), true, "a response topic has no wildcards");
  await panel.field("publish-response").fill("b/answer");
  await panel.field("publish-payload").press("Control+Enter");
  await panel.answered("PUBCOMP");
  const row = panel.column("a/#").locator('[data-test="received-row"]');
  await row.click();
  await lab.drawn();
  const message = lab.get("test-message");
  const facts = (await message.locator(".facts").innerText()).replace(/\s+/g, " ");
  for (const fact of ["Payload Format Indicator 1", "Message Expiry Interval 60", "Content Type application/json", "Response Topic b/answer", "Correlation Data 2 bytes", "unit C", "site A: 1"]) {
    assert.ok(facts.includes(fact), `${fact} in ${facts}`);
  }
  assert.match((await panel.rows("a/#"))[0], /^a\/json .* \{ "t": 21 \} QoS 2$/);
  // It is kept: a later subscription gets it, marked as retained.
  await panel.subscribe("a/json");
  await panel.column("a/json").locator('[data-test="received-row"]').filter({ hasText: "RETAIN" }).waitFor();

  await panel.field("publish-retain").uncheck();
  await panel.field("publish-qos").selectOption("QoS 1");
  await panel.write("a/bytes", "0g", "Hex");
  await lab.drawn();
  assert.match(await panel.forms.locator('[role="alert"]').innerText(), /Pairs of hexadecimal digits/);
  await panel.publish("a/bytes", "00 FF", "Hex");
  await panel.answered("PUBACK");
  await panel.publish("a/bytes", "/+8=", "Base64");
  await panel.column("a/#").locator('[data-topic="a/bytes"]').nth(1).waitFor();
  await panel.column("a/#").locator('[data-topic="a/bytes"]').nth(1).click();
  await message.locator('[data-test="payload"]').filter({ hasText: /^0000 {2}ff ef / }).waitFor();
  // One key publishes the last one again, and the topics that were used are suggested.
  await lab.press("r");
  await panel.column("a/#").locator('[data-topic="a/bytes"]').nth(2).waitFor();
  const suggested = await panel.forms.locator("#test-topics option").evaluateAll((all) => all.map((option) => option.value));
  assert.deepEqual(suggested, ["a/bytes", "a/json"]);
});

// [X1]
story("what the profile does not take is said before, and what the broker refuses is said where one looks", scenarioHash({
  until: "60s",
  broker: { profile: "aws-iot-core", policies: { open: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["iot:Connect", "iot:Publish"], Resource: "*" }] } } },
  clients: [{ id: "test-client", mqtt: "5", policy: "open" }],
  steps: [{ at: "0s", client: "test-client", do: "connect" }],
}) + "&view=test-client", async (lab) => {
  const panel = new Panel(lab);
  await lab.get("test-state").getByText("connected", { exact: true }).waitFor();
  assert.match(await lab.get("publish-takes").first().innerText(), /no QoS above 1/);
  assert.equal(await panel.field("publish-takes").getAttribute("role"), null);
  await panel.field("publish-qos").selectOption("QoS 2");
  await lab.drawn();
  assert.equal(await panel.field("publish-takes").getAttribute("role"), "alert");
  await panel.publish("a", "x");
  await panel.answered("not sent: above the server's Maximum QoS");
  // There is no statement that allows it to subscribe.
  await panel.field("subscribe-filter").fill("a");
  await panel.field("subscribe").click();
  await panel.answered("SUBACK Not authorized");
  const column = panel.column("a");
  assert.match(await column.innerText(), /Not authorized\s+The broker refused this filter/);
  await column.locator('[data-test="test-close"]').click();
  await column.waitFor({ state: "detached" });
});

// [X1]
story("where the run has policies, the test client comes with one that lets it do everything", scenarioHash({
  until: "60s",
  broker: { profile: "aws-iot-core", policies: { nobody: { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] } } },
}) + "&view=test-client", async (lab) => {
  const panel = new Panel(lab);
  await panel.add();
  await panel.subscribe("a");
  await panel.publish("a", "x");
  await panel.column("a").locator('[data-test="received-row"]').waitFor();
});

// [X1]
story("the reason that a PUBACK gives stands beside the form, and leads to its event", scenarioHash({
  until: "60s",
  broker: { acl: ["topic readwrite open/#"] },
  clients: [{ id: "test-client", mqtt: "5" }],
  steps: [{ at: "0s", client: "test-client", do: "connect" }],
}) + "&view=test-client", async (lab) => {
  const panel = new Panel(lab);
  await lab.get("test-state").getByText("connected", { exact: true }).waitFor();
  await panel.publish("shut/1", "x");
  await panel.answered("PUBACK Not authorized");
  await lab.get("test-answer").getByText("PUBACK Not authorized").click();
  await lab.drawn();
  assert.match(await lab.get("decided").innerText(), /no line allows it/);
  await panel.publish("open/1", "x");
  await panel.answered(/PUBLISH open\/1, QoS 1: PUBACK/);
});

// [X1]
story("in 3.1.1 properties cannot be said; another client of the scenario can be the one that acts", PLANT + "&view=test-client", async (lab) => {
  const panel = new Panel(lab);
  await lab.get("test-version").selectOption("MQTT 3.1.1");
  await panel.add();
  await panel.field("publish-properties").click();
  assert.equal(await panel.field("publish-content-type").isDisabled(), true);
  await panel.field("subscribe-options").click();
  assert.equal(await panel.field("no-local").isDisabled(), true);
  await panel.subscribe("who/#");
  await lab.get("test-who").selectOption("sensor");
  await lab.get("test-column").waitFor({ state: "detached" });
  await panel.field("publish-properties").waitFor();
  await panel.publish("who/1", "sensor");
  await panel.answered("PUBACK");
  await lab.get("test-who").selectOption("test-client");
  await panel.column("who/#").locator('[data-test="received-row"]').waitFor();
  assert.match((await panel.rows("who/#"))[0], /^who\/1 .* sensor QoS 1$/);
});

const MANY = (times) => scenarioHash({
  until: "60s",
  clients: [{ id: "test-client", mqtt: "5" }, { id: "sensor", mqtt: "5" }],
  steps: [
    { at: "0s", client: "test-client", do: "connect" },
    { at: "0s", client: "sensor", do: "connect" },
    { at: "500ms", client: "test-client", do: "subscribe", filters: [{ filter: "load/#" }, { filter: "load/+" }] },
    { at: "1s", every: "1ms", times, client: "sensor", do: "publish", topic: "load/{{n}}", payload: "{{n}}" },
  ],
});

// [X1]
story("a column keeps the last ones, the newest first if one likes, and can be paused, cleared and closed", `${MANY(150)}&t=1.14s&view=test-client`, async (lab) => {
  const panel = new Panel(lab);
  await lab.computed();
  await lab.get("test-state").waitFor();
  const count = () => panel.column("load/#").locator('[data-test="test-count"]').innerText();
  const topics = async () => (await panel.rows("load/#")).map((row) => row.split(" ")[0]);
  const all = async () => (await lab.get("received").first().getAttribute("aria-rowcount"));
  const at = async (seconds) => {
    await lab.scrub(seconds / 60);
  };
  await at(2);
  assert.equal(await count(), "100 of 150");
  assert.equal(await all(), "100");
  assert.equal((await topics()).at(-1), "load/150");
  await lab.get("test-newest-first").check();
  await lab.drawn();
  await panel.column("load/#").locator('[data-test="received"]').evaluate((list) => list.scrollTo(0, 0));
  assert.equal((await topics())[0], "load/150");
  await lab.get("test-keep").selectOption("10");
  await lab.drawn();
  assert.deepEqual(await topics(), Array.from({ length: 10 }, (_, i) => `load/${150 - i}`));
  // The arrows move among the rows, and Enter leads to the inspector.
  await panel.column("load/#").locator('[data-test="received"]').press("Home");
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /load\/150/);

  await at(1.03);
  const early = Number((await count()).split(" of ").at(-1));
  assert.ok(early < 40, `${early} messages`);
  await panel.column("load/#").locator('[data-test="test-pause"]').click();
  await at(2);
  assert.equal(Number((await count()).split(" of ").at(-1)), early, "paused");
  assert.match(await panel.column("load/+").innerText(), /of 150/);
  await panel.column("load/#").locator('[data-test="test-pause"]').click();
  await lab.drawn();
  assert.match(await count(), /of 150/);
  await panel.column("load/#").locator('[data-test="test-clear"]').click();
  await lab.drawn();
  assert.equal(await count(), "0");
  await at(1.03);
  assert.equal(Number((await count()).split(" of ").at(-1)), early, "before it was cleared");
  await panel.column("load/#").locator('[data-test="test-close"]').click();
  await lab.get("play").click();
  await panel.column("load/#").waitFor({ state: "detached" });
  await panel.column("load/+").waitFor();
});

// [X1]
story("a thousand messages a second do not stall the page, and only the rows on the screen exist", `${MANY(20_000)}&view=test-client`, async (lab, page) => {
  await lab.get("received-row").first().waitFor();
  const seen = await page.evaluate(async () => {
    const view = () => Number(document.querySelector("[data-test=clock]").dataset.us) / 1000;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const [from, wall] = [view(), performance.now()];
    let [last, longest, rows] = [wall, 0, 0];
    while (performance.now() - wall < 4000) {
      await frame();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      rows = Math.max(rows, document.querySelectorAll("[data-test=received-row]").length);
    }
    return { passed: view() - from, wall: last - wall, longest, rows };
  });
  assert.ok(seen.rows > 0 && seen.rows < 120, JSON.stringify(seen));
  assert.ok(seen.longest < 1000 && seen.passed > 0, JSON.stringify(seen));
});

for (const colorScheme of ["light", "dark"]) {
  story(`on a phone, ${colorScheme}, by the keyboard alone`, "v=1&lesson=hello&t=12s", async (lab, page) => {
    await lab.computed();
    await lab.tab("test-client");
    await lab.get("test-who").selectOption("dashboard");
    await lab.drawn();
    await lab.get("received").first().press("End");
    await lab.get("test-message").waitFor();
    assert.deepEqual(await faults(page), []);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(beyond, 0);
    for (const { x, width } of await Promise.all((await lab.get("test-column").all()).map((column) => column.boundingBox()))) {
      assert.ok(x >= 0 && x + width <= 390);
    }
    await lab.get("test-who").selectOption("test-client");
    await lab.get("test-add").focus();
    await page.keyboard.press("Enter");
    await lab.get("test-state").waitFor();
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press("Tab");
  }, { ...PHONE, colorScheme });
}
