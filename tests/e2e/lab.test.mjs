// The lab, clicked through in headless Chromium: what someone does on the first day with it.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { scenarioHash, stories } from "../support/lab.mjs";

const QUIET = scenarioHash({ title: "A quiet room", until: "60s" });

const { story, visit } = stories();

/** What stands in the specification of a PUBLISH with QoS 0 and no properties: MQTT 5.0, 3.3. */
function publishV5(topic, payload) {
  const body = [topic.length >> 8, topic.length & 0xff, ...Buffer.from(topic), 0, ...Buffer.from(payload)];
  return Buffer.from([0x30, body.length, ...body]).toString("hex").toUpperCase();
}

story("the first visit shows a running scenario", "", async (lab, page) => {
  assert.equal(await page.title(), "Glassbroker");
  assert.equal(await lab.get("scenario").inputValue(), "hello");
  assert.equal(await lab.playing(), true);
  const earlier = await lab.at();
  await lab.client("dashboard").waitFor();
  await lab.client("machine").waitFor();
  await lab.clientIs("dashboard", "connected");
  assert.ok((await lab.at()) > earlier);
  assert.ok((await lab.events()) > 0);
});

describe("two clients, a filter and a message", () => {
  // [X1]
  story("are seen on the timeline, in the tree and byte for byte; rewound they are gone, played again they are back", QUIET, async (lab, page) => {
    await lab.addClient("reader");
    await lab.addClient("writer");
    await lab.subscribe("reader", "factory/+/status");
    await lab.show("message");
    await lab.publish("writer", "factory/7/status", "on");
    const delivered = lab.get("event-row", { kind: "message.delivered", client: "reader" });
    const leaf = lab.get("topic-leaf", { topic: "factory/7/status" });
    await leaf.waitFor();
    await delivered.waitFor();

    // Both copies have arrived, the writer's at the broker and the broker's at the reader.
    await lab.show("packet");
    const copies = lab.get("event-row").filter({ hasText: "PUBLISH factory/7/status: on" });
    const [fromWriter, toReader] = ["writer", "reader"].map((client) => copies.and(page.locator(`[data-client="${client}"]`)));
    await toReader.and(page.locator('[data-kind="packet.received"]')).waitFor();
    await lab.pause();
    assert.equal(await fromWriter.count(), 2, "sent by the writer and received by the broker");
    assert.equal(await toReader.count(), 2, "sent by the broker and received by the reader");

    await toReader.first().click();
    const inspector = lab.get("inspector");
    const bytes = publishV5("factory/7/status", "on");
    await inspector.waitFor();
    assert.equal(await inspector.locator('[data-test="hex"]').textContent(), bytes);
    assert.equal(await inspector.locator('[data-test="payload"]').textContent(), "on");
    assert.equal(await inspector.locator('[data-test="field"][data-field="Topic Name"] td .mono').textContent(), "factory/7/status");
    assert.match(await inspector.locator('[data-test="causes"]').textContent(), /PUBLISH factory\/7\/status/);

    // Zoomed to the chosen packet, arrows are drawn each on its own.
    await lab.press("f");
    const shown = await lab.painted();
    assert.ok(shown.arrows >= 2, `${shown.arrows} arrows`);
    assert.equal(shown.banded, 0);

    const events = await lab.events();
    await rewindWhile(lab, leaf);
    await rewindWhile(lab, fromWriter.first());
    assert.equal(await copies.count(), 0, "no event of it is left in the table");
    assert.ok((await lab.events()) < events);
    assert.equal(await lab.get("topic-count").textContent(), "0");
    await lab.press("f");
    assert.equal((await lab.painted()).arrows, shown.arrows - 2, "both copies' arrows are gone from the timeline");

    await lab.press(" ");
    await leaf.waitFor();
    await toReader.and(page.locator('[data-kind="packet.received"]')).waitFor();
    await lab.pause();
    assert.equal(await copies.count(), 4);
    await lab.press("f");
    assert.deepEqual(await lab.painted(), shown);
  });
});

/** Steps back, a moment at a time, while something is on the screen. */
async function rewindWhile(lab, what) {
  for (let steps = 0; (await what.count()) > 0; steps += 1) {
    assert.ok(steps < 60, "sixty moments back and it is still there");
    await lab.get("previous").click();
    await lab.computed();
  }
}

story("play, pause and steps by keyboard", "v=1&lesson=hello&t=10s", async (lab) => {
  await lab.computed();
  assert.equal(await lab.at(), 10_000_000);
  assert.equal(await lab.playing(), false);
  const events = await lab.events();
  await lab.press(".");
  await lab.computed();
  assert.ok((await lab.at()) > 10_000_000);
  assert.ok((await lab.events()) > events);
  await lab.press(",");
  await lab.computed();
  assert.equal(await lab.events(), events, "one step back undoes one step forward");
  await lab.press(",");
  await lab.computed();
  assert.ok((await lab.events()) < events);
  assert.ok((await lab.at()) <= 10_000_000);

  const earlier = await lab.at();
  await lab.press(" ");
  assert.equal(await lab.playing(), true);
  await lab.page.waitForFunction((us) => Number(document.querySelector("[data-test=clock]").dataset.us) > us, earlier);
  await lab.press(" ");
  assert.equal(await lab.playing(), false);
  const stands = await lab.at();
  await lab.drawn();
  assert.equal(await lab.at(), stands);

  await lab.press("Home");
  await lab.computed();
  assert.equal(await lab.at(), 0);
  await lab.press("End");
  await lab.computed();
  assert.equal(await lab.at(), 30_000_000);

  await lab.press("?");
  await lab.get("help").waitFor();
  await lab.press("Escape");
  assert.equal(await lab.get("help").count(), 0);
});

story("a field keeps its keys to itself", "v=1&lesson=hello&t=10s", async (lab, page) => {
  await lab.computed();
  const filter = lab.get("topic-filter");
  await filter.click();
  await page.keyboard.type("a . , ?");
  await lab.drawn();
  assert.equal(await filter.inputValue(), "a . , ?");
  assert.equal(await lab.at(), 10_000_000);
  assert.equal(await lab.playing(), false);
  assert.equal(await lab.get("help").count(), 0);
});

describe("the filter box", () => {
  // The tables of names and filters that an introduction to MQTT sets as an exercise.
  const exercises = [
    {
      names: 5,
      rows: [
        ["factory/1/machine/#", ["factory/1/machine/1/status", "factory/1/machine/32/status"]],
        ["factory/#", ["factory/1/machine/1/status", "factory/1/machine/32/status", "factory/2/machine/7/status"]],
        ["office/#", ["office/7/machine/23/status", "office/8/sensor/42/measurements"]],
        [
          "#",
          [
            "factory/1/machine/1/status",
            "factory/1/machine/32/status",
            "factory/2/machine/7/status",
            "office/7/machine/23/status",
            "office/8/sensor/42/measurements",
          ],
        ],
      ],
    },
    {
      names: 7,
      rows: [
        ["factory/+/machine/+/status", ["factory/1/machine/1/status", "factory/2/machine/3/status"]],
        ["+/+/machine/+/alerts", ["factory/1/machine/1/alerts", "office/2/machine/16/alerts"]],
        ["factory/+/machine/#", ["factory/1/machine/1/alerts", "factory/1/machine/1/status", "factory/2/machine/3/status"]],
      ],
    },
  ];
  for (const [i, { names, rows }] of exercises.entries()) {
    story(`lights what a filter matches: exercise ${i + 1}`, QUIET, async (lab, page) => {
      await page.locator(".exercises summary").click();
      await lab.get(`exercise-${i + 1}`).click();
      await lab.page.waitForFunction(
        (count) => document.querySelector("[data-test=topic-count]").textContent === `${count}`,
        names,
      );
      await lab.pause();
      for (const [filter, matches] of rows) {
        await lab.get("topic-filter").fill(filter);
        assert.deepEqual(await lab.lit(), [...matches].sort(), filter);
        assert.equal(await lab.get("topic-matches").textContent(), `${matches.length} of ${names} names match`);
      }
    });
  }

  story("explains a filter that is none", QUIET, async (lab) => {
    const box = lab.get("topic-filter");
    await box.fill("factory/#/status");
    await lab.drawn();
    assert.equal(await box.getAttribute("aria-invalid"), "true");
    assert.match(await lab.get("topic-matches").textContent(), /^At character 9: .*#/);
    await box.fill("factory/one+/status");
    await lab.drawn();
    assert.match(await lab.get("topic-matches").textContent(), /\+/);
    await box.fill("factory/+/status");
    await lab.drawn();
    assert.equal(await box.getAttribute("aria-invalid"), "false");
  });
});

// A message is on its way to the broker between 2 s and 2.4 s.
const SLOW_LAMP = scenarioHash({
  title: "A slow lamp",
  until: "60s",
  clients: [{ id: "lamp", link: { latency_ms: 400 } }],
  steps: [
    { at: "0s", client: "lamp", do: "connect" },
    { at: "2s", client: "lamp", do: "publish", topic: "lamps/1/state", payload: "on" },
  ],
});

story("a cut network loses what is on its way, and only the client knows", `${SLOW_LAMP}&t=2.1s`, async (lab) => {
  await lab.computed();
  const cut = lab.client("lamp").locator('[data-test="cut"]');
  await cut.click();
  await lab.client("lamp").getByText("network cut").waitFor();
  assert.equal(await cut.getAttribute("aria-pressed"), "true");
  await lab.get("event-row", { kind: "packet.lost", client: "lamp" }).filter({ hasText: "PUBLISH lamps/1/state: on" }).waitFor();
  assert.equal(await lab.get("topic-leaf").count(), 0, "what is lost reaches no topic");
  assert.match(await lab.get("session", { client: "lamp" }).textContent(), /connected/);
  await cut.click();
  await lab.client("lamp").getByText("network cut").waitFor({ state: "detached" });
  await lab.client("lamp").locator('[data-test="connect"]').click();
  await lab.press(" ");
  await lab.clientIs("lamp", "connected");
  await lab.pause();
});

// [S3]
story("a link opens a lesson at its moment: a queue drains and the bucket says how long", "v=1&lesson=replay&t=20s", async (lab) => {
  await lab.computed();
  assert.equal(await lab.at(), 20_000_000);
  assert.equal(await lab.get("scenario").inputValue(), "replay");
  assert.equal(await lab.get("profile").inputValue(), "aws-iot-core");
  await lab.press("End");
  await lab.computed();
  // Fifteen seconds after it came back: a hundred and fifty of two hundred have left, ten a second.
  await lab.scrub(35 / 60);
  const gauge = lab.get("session", { client: "dashboard" }).locator('[data-test="gauge"]');
  const [, left] = /^(\d+) left, drains in \d/.exec(await gauge.textContent());
  assert.ok(Math.abs(Number(left) - 50) <= 3, `${left} left`);
  assert.match(await lab.client("dashboard").locator('[data-test="queued"]').textContent(), /^\d+ queued$/);
  await lab.scrub(45 / 60);
  assert.equal(await gauge.count(), 0, "the queue is empty");
});

// [W1]
story("the lesson on wills shows them armed, sent and discarded", "v=1&lesson=will&t=5s", async (lab) => {
  await lab.computed();
  assert.equal(await lab.get("kept-will").count(), 5);
  assert.equal(await lab.client("polite").getByText("will", { exact: true }).count(), 1);
  await lab.toEnd();
  assert.equal(await lab.get("kept-will").count(), 0);
  await lab.show("will");
  await lab.press("Home");
  await lab.computed();
  await lab.toEnd();
  const kinds = await lab.get("event-row").evaluateAll((rows) => rows.map(({ dataset }) => `${dataset.kind} ${dataset.client}`));
  const of = (kind) => kinds.filter((one) => one.startsWith(kind)).map((one) => one.split(" ")[1]).sort();
  assert.deepEqual(of("will.armed"), ["closing", "cut-off", "parting", "polite", "twice"]);
  assert.deepEqual(of("will.sent"), ["closing", "cut-off", "parting", "twice"]);
  assert.deepEqual(of("will.discarded"), ["polite"]);
  await lab.get("event-row", { kind: "will.sent", client: "cut-off" }).click();
  await lab.get("rule").waitFor();
});

story("the clients stand still when one acts in the past", "v=1&lesson=hello&t=20s", async (lab) => {
  await lab.computed();
  await lab.scrub(10 / 30);
  await lab.get("past").waitFor();
  const place = async () => (await lab.client("machine").boundingBox()).y;
  const before = await place();
  await lab.client("machine").locator('[data-test="disconnect"]').click();
  await lab.get("past").waitFor({ state: "detached" });
  assert.equal(await place(), before);
});

story("acting in the past begins a branch, and there is a way back", "v=1&lesson=hello&t=20s", async (lab) => {
  await lab.computed();
  const events = await lab.events();
  await lab.scrub(10 / 30);
  await lab.get("past").waitFor();
  assert.equal(await lab.get("branch").count(), 0);
  await lab.publish("machine", "factory/9/status", "another end");
  await lab.get("branch").waitFor();
  await lab.press(" ");
  await lab.get("topic-leaf", { topic: "factory/9/status" }).waitFor();
  await lab.pause();
  await lab.get("branch-back").click();
  await lab.computed();
  assert.equal(await lab.get("branch").count(), 0);
  await lab.scrub(20 / 30);
  assert.equal(await lab.events(), events, "the run as it was");
  assert.equal(await lab.get("topic-leaf", { topic: "factory/9/status" }).count(), 0);
  await lab.get("branch-to").click();
  await lab.computed();
  await lab.get("branch").waitFor();
  await lab.toEnd();
  assert.equal(await lab.get("topic-leaf", { topic: "factory/9/status" }).count(), 1, "and the branch again");
});

story("a shared link brings the moment and what was done", QUIET, async (lab, page) => {
  await lab.addClient("lamp");
  await lab.publish("lamp", "lamps/1/state", "on");
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  await lab.pause();
  const [at, events] = [await lab.at(), await lab.events()];
  await lab.get("share").click();
  await lab.get("notice").waitFor();
  const hash = await page.evaluate(() => location.hash.slice(1));
  await visit(hash, async (other) => {
    await other.computed();
    assert.deepEqual([await other.at(), await other.events()], [at, events]);
    await other.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  });
});

story("a link of an engine that computed another run says so and shows where", QUIET, async (lab, page) => {
  await lab.addClient("lamp");
  for (const state of ["on", "off"]) await lab.publish("lamp", "lamps/1/state", state);
  await lab.get("topic-leaf", { topic: "lamps/1/state" }).waitFor();
  await lab.pause();
  await lab.get("share").click();
  await lab.get("notice").waitFor();
  const parts = new URLSearchParams(await page.evaluate(() => location.hash.slice(1)));
  const run = JSON.parse(inflateRawSync(Buffer.from(parts.get("run"), "base64url")));
  const [events, hashes] = run.hash.split("-");
  assert.equal(Number(events), await lab.events());
  // Another engine that saw the same first half, and then something else.
  const half = hashes.length / 2;
  const theirs = [...hashes.slice(half)].map((digit) => (digit === "0" ? "1" : "0")).join("");
  const changed = { ...run, engine: "0.0.9", hash: `${events}-${hashes.slice(0, half)}${theirs}` };
  parts.set("run", deflateRawSync(JSON.stringify(changed)).toString("base64url"));
  await visit(parts.toString(), async (other) => {
    await other.get("notice").waitFor();
    const first = Math.floor(Number(events) / 2);
    const said = await other.get("notice").textContent();
    assert.match(said, /made by Glassbroker 0\.0\.9, this is/);
    assert.match(said, new RegExp(`the first difference is among the events ${first} to `));
    assert.equal(await other.events(), Number(events), "at the link's moment all the same");
  });
});

story("a link leads into the middle of a time", "v=1&lesson=qos&t=2150ms.1", async (lab) => {
  await lab.computed();
  const events = await lab.events();
  for (const [moment, differs] of [["2150ms.0", -1], ["2150ms", 1]]) {
    await visit(`v=1&lesson=qos&t=${moment}`, async (other) => {
      await other.computed();
      assert.equal(Math.sign((await other.events()) - events), differs, moment);
    });
  }
});

story("the theme goes through its three, and is remembered", "v=1&lesson=hello&t=1s", async (lab, page) => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? "auto");
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  assert.equal(await theme(), "auto");
  const seen = [];
  for (let i = 0; i < 2; i += 1) {
    await lab.get("theme").click();
    await lab.drawn();
    seen.push([await theme(), await ink()]);
  }
  assert.deepEqual(seen.map(([name]) => name), ["light", "dark"]);
  assert.notEqual(seen[0][1], seen[1][1]);
  await page.reload();
  await lab.get("play").waitFor();
  assert.equal(await theme(), "dark");
  await lab.get("theme").click();
  assert.equal(await theme(), "auto");
});

story("on a phone one panel is shown at a time", "v=1&lesson=hello&t=20s", async (lab, page) => {
  await lab.computed();
  assert.equal(await lab.get("timeline").isVisible(), true);
  assert.equal(await lab.get("topic-filter").isVisible(), false);
  await lab.tab("topics");
  await lab.drawn();
  assert.equal(await lab.get("topic-filter").isVisible(), true);
  assert.equal(await lab.get("timeline").isVisible(), false);
  await lab.tab("events");
  await lab.get("event-row").last().waitFor();
  assert.ok((await lab.get("event-row").last().boundingBox()).y < 844 + 44, "what happened last is in sight");
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= room, `${width} pixels in ${room}`);
}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
