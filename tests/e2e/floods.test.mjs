// Scenarios that flood: what is computed for long can be stopped, and what went is told.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const client = (id) => ({ id, mqtt: "5" });
const connects = (id) => ({ at: "0s", client: id, do: "connect" });

/** More than a page computes while one reads this. */
const LONG = scenarioHash({
  title: "A flood",
  until: "1000s",
  clients: [client("tap"), client("drain")],
  steps: [
    connects("tap"),
    connects("drain"),
    { at: "200ms", client: "drain", do: "subscribe", filters: [{ filter: "#", qos: 1 }] },
    { at: "1s", every: "1ms", times: 900_000, client: "tap", do: "publish", topic: "water", qos: 1, payload: "{{n}}" },
  ],
});

story("what is computed for long can be stopped, and the view is where it stopped", LONG, async (lab) => {
  await lab.get("end").click();
  await lab.get("stop").click();
  await lab.computed();
  const at = await lab.at();
  assert.ok(at > 0 && at < 1_000_000_000, `${at} µs`);
  assert.equal(await lab.playing(), false);
  assert.equal(await lab.at(), at, "time stands still");
  const events = await lab.events();
  await lab.press(".");
  await lab.computed();
  assert.ok((await lab.events()) > events, "one moment on");
  // The same by the keyboard, and nothing is lost: it goes on from there.
  await lab.press("End");
  await lab.get("stop").waitFor();
  await lab.press("Escape");
  await lab.computed();
  assert.ok((await lab.at()) > at && (await lab.at()) < 1_000_000_000);
});

story("a rewind of a long run can be stopped too, and the page acts on what one does meanwhile", LONG, async (lab) => {
  await lab.get("end").click();
  await lab.get("stop").waitFor();
  await lab.get("list-ledger").click();
  await lab.get("ledger").waitFor();
  await lab.get("stop").click();
  await lab.computed();
  await lab.press("Home");
  await lab.computed();
  assert.equal(await lab.at(), 0);
});

/** 1,200 payloads of 60 KB are more than the 64 MB of packets that a trace keeps. */
const LARGE = scenarioHash({
  title: "Large payloads",
  until: "3s",
  clients: [client("camera")],
  steps: [
    connects("camera"),
    { at: "500ms", every: "1ms", times: 1_200, client: "camera", do: "publish", topic: "picture/{{n}}", payload: `{{n}} ${"x".repeat(60_000)}` },
  ],
});

story("events that went for the bound are told, and computed again when one looks at them", LARGE, async (lab, page) => {
  // The table takes in what comes while it is there.
  await lab.toEnd();
  const told = await lab.get("events-dropped").textContent();
  const dropped = Number(/^The first (\d+) events are no longer kept/.exec(told)?.[1]);
  assert.ok(dropped > 10, told);
  await lab.get("events").press("Home");
  await lab.drawn();
  const first = lab.get("event-row").first();
  await first.waitFor();
  assert.ok(Number(await first.getAttribute("data-seq")) < dropped, "rows of what went");
  await lab.get("inspector").waitFor();
  assert.equal(await lab.get("inspector").getAttribute("data-seq"), await first.getAttribute("data-seq"));
  // A publication that went is whole again, with its bytes.
  await page.locator('[data-test="event-row"][data-kind="packet.sent"]').nth(2).click();
  await lab.drawn();
  assert.match(await lab.get("inspector").textContent(), /PUBLISH.*picture\/1/s);
});
