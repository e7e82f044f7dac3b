// What the address leads to: lessons under their own names, links that are none, moments beyond the end, other profiles, real clients
// that were recorded.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story, visit } = stories();
const hashOf = (page) => page.evaluate(() => location.hash.slice(1));

story("the list of scenarios has each lesson's own title", "v=1&lesson=empty", async (lab) => {
  const shown = await lab.get("scenario").locator("option").evaluateAll((all) => all.map(({ value, text }) => [value, text]));
  assert.deepEqual(shown.map(([name]) => name), ["hello", "qos", "faults", "replay", "interrupted", "will", "remember", "share", "empty"]);
  for (const [name, title] of shown) {
    const lesson = JSON.parse(await readFile(new URL(`../../www/lessons/${name}.json`, import.meta.url)));
    assert.equal(title, lesson.title);
  }
});

story("in the empty lab nobody is there until one adds a client", "v=1&lesson=empty", async (lab) => {
  assert.equal(await lab.get("client").count(), 0);
  assert.equal(await lab.events(), 0);
  await lab.addClient("lamp");
  assert.equal(await lab.get("client").count(), 1);
});

for (const [bad, why] of [
  ["v=1&lesson=nowhere", /there is no lesson `nowhere`; there are hello, qos/],
  ["v=2&lesson=hello", /version/],
  ["v=1&run=junk", /./],
  ["v=1&lesson=hello&t=later", /time/],
  [scenarioHash({ broker: { profile: "nobody" } }), /nobody/],
]) {
  story(`a link that is none is told and kept, and the first lesson runs: ${bad.slice(0, 24)}`, bad, async (lab, page) => {
    await lab.get("notice").waitFor();
    const said = await lab.get("notice").textContent();
    assert.match(said, /^The link cannot be opened: /);
    assert.match(said, why);
    assert.equal(await lab.get("scenario").inputValue(), "hello");
    assert.equal(await lab.playing(), true);
    assert.equal(await hashOf(page), bad);
  });
}

story("a moment beyond the end is on the timeline", "v=1&lesson=qos&t=400s", async (lab) => {
  await lab.computed();
  assert.equal(await lab.at(), 400_000_000);
  assert.ok(await lab.inked("--gb-accent"), "the view's line is drawn");
});

story("another profile begins the run again, says so, and the address keeps the profile and no old moment", "v=1&lesson=replay&t=30s", async (lab, page) => {
  await lab.computed();
  await lab.get("profile").selectOption("mqtt");
  await lab.get("notice").waitFor();
  assert.equal(await lab.get("notice").textContent(), "The run began again, with “Broker: the MQTT standards”.");
  assert.ok((await lab.at()) < 30_000_000);
  const hash = await hashOf(page);
  assert.doesNotMatch(hash, /t=/);
  await visit(hash, async (other) => assert.equal(await other.get("profile").inputValue(), "mqtt"));
  await lab.get("scenario").selectOption("will");
  await lab.drawn();
  assert.equal(await hashOf(page), "v=1&lesson=will");
});

/** Connects a real client by the page's own broker, and waits for CONNACK: MQTT 3.1.1, clean session, keep alive 60 s. */
const connect = (page, name) =>
  page.evaluate(
    (name) =>
      new Promise((done, fail) => {
        const id = [...name].map((letter) => letter.charCodeAt(0));
        const socket = glassbroker.socket("ws://glass/mqtt", "mqtt");
        socket.binaryType = "arraybuffer";
        socket.onopen = () => socket.send(Uint8Array.from([0x10, 12 + id.length, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, id.length, ...id]));
        socket.onmessage = done;
        socket.onclose = fail;
        globalThis.sockets = [...(globalThis.sockets ?? []), socket];
      }),
    name,
  );

story("real clients of a shared run are shown as recorded, and wait for nobody; new ones join", "v=1&lesson=empty", async (lab, page) => {
  await connect(page, "phone");
  await lab.client("phone").getByText("live", { exact: true }).waitFor();
  await lab.pause();
  await lab.get("waiting").waitFor();
  await lab.get("share").click();
  await lab.get("notice").waitFor();
  await visit(await hashOf(page), async (other, otherPage) => {
    await other.computed();
    await other.client("phone").getByText("recorded", { exact: true }).waitFor();
    assert.equal(await other.get("waiting").count(), 0);
    assert.equal(await other.get("speed").isEnabled(), true);
    await connect(otherPage, "tablet");
    await other.client("tablet").getByText("live", { exact: true }).waitFor();
    await other.client("phone").getByText("recorded", { exact: true }).waitFor();
  });
});
