// Idle stretches are gaps, so that what happens has room.
import assert from "node:assert/strict";
import { scenarioHash, stories } from "../support/lab.mjs";

const { story } = stories();

// Two minutes of packets, and a session that is kept for a week.
const WEEK = `${scenarioHash({
  title: "A week",
  until: "7d",
  clients: [{ id: "lamp", link: { latency_ms: 300 } }],
  steps: [
    { at: "1s", client: "lamp", do: "connect" },
    { at: "10s", every: "5s", times: 10, client: "lamp", do: "publish", topic: "hall/1", payload: "on" },
    { at: "60s", client: "lamp", do: "disconnect" },
    { at: "6d", client: "lamp", do: "connect" },
  ],
})}&t=7d`;

/** How wide the publications are on the screen, in pixels. */
const spread = async (lab) => {
  const box = await lab.inked("--gb-publish-0");
  return box ? box.to.x - box.from.x : 0;
};

story("a week in which nothing happens is a gap, which a click opens", WEEK, async (lab, page) => {
  await lab.computed();
  assert.ok((await spread(lab)) > 200, "the ten publications of a minute have room");
  assert.equal((await lab.painted()).banded, 0);
  const [disconnect, connect] = [await lab.inked("--gb-disconnect"), await lab.inked("--gb-connect")];
  const gap = { x: disconnect.to.x + 40, y: disconnect.from.y + 10 };
  assert.ok(connect.to.x > gap.x, "beyond the gap it goes on");
  await page.mouse.move(gap.x, gap.y);
  await lab.drawn();
  assert.match(await page.locator(".tooltip.shown").textContent(), /^Nothing but keep alive happens here/);
  await page.mouse.click(gap.x, gap.y);
  assert.ok((await spread(lab)) < 20, "five days have their length");
});

story("folding can be switched off and on", WEEK, async (lab) => {
  await lab.computed();
  const folded = await spread(lab);
  await lab.get("fold").click();
  assert.equal(await lab.get("fold").getAttribute("aria-pressed"), "false");
  await lab.get("fit").click();
  assert.ok((await spread(lab)) < 20);
  await lab.get("fold").click();
  await lab.get("fit").click();
  assert.equal(await spread(lab), folded);
});
