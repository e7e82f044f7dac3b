// The whole way of the chosen message, over all tracks.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

const subscriber = (id, at) => [
  { at, client: id, do: "connect" },
  { at: "2s", client: id, do: "subscribe", filters: [{ filter: "hall/#", qos: 1 }] },
];
const HALL = `${scenarioHash({
  title: "A hall",
  until: "10s",
  clients: ["sensor", "screen", "log", "bystander"].map((id) => ({ id, link: { latency_ms: 300 } })),
  steps: [
    { at: "0s", client: "sensor", do: "connect" },
    ...subscriber("screen", "0s"),
    ...subscriber("log", "0s"),
    { at: "0s", client: "bystander", do: "connect" },
    { at: "4s", client: "sensor", do: "publish", topic: "hall/1", payload: "21", qos: 1 },
    { at: "7s", client: "bystander", do: "disconnect" },
  ],
})}&t=10s`;

story("a chosen message is drawn from its publisher to all who get it", HALL, async (lab, page) => {
  await lab.computed();
  await lab.get("fit").click();
  const before = await lab.inked("--gb-disconnect");
  assert.ok(before, "the bystander's DISCONNECT is there");
  const publish = await lab.inked("--gb-publish-1");
  await page.mouse.click(publish.first.x, publish.first.y);
  await lab.drawn();
  assert.equal(await lab.get("inspector").locator("h2").textContent(), "PUBLISH");
  assert.equal(await lab.inked("--gb-disconnect"), null, "what is no part of it steps back");
  const path = await lab.inked("--gb-publish-1");
  assert.deepEqual([path.from.y, path.to.y].map(Math.round), [publish.from.y, publish.to.y].map(Math.round), "its deliveries are lit");
  await page.keyboard.press("Escape");
  await lab.drawn();
  assert.ok(await lab.inked("--gb-disconnect"));
}, { viewport: { width: 1440, height: 1300 } });
