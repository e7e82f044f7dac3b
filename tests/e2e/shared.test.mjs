// Shared subscriptions in the broker's panel, with the queue of the group beside the members that empty it.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();

// [H3] Nobody works at 31 s, and eighty jobs wait; Ann is back at 32 s, Bob at 34 s.
story("a group shows its members and how its queue drains", "v=1&lesson=share&t=31s", async (lab) => {
  await lab.computed();
  await lab.toEnd();
  await lab.scrub(31 / 60);
  const group = lab.get("group", { group: "workers/jobs" });
  assert.match(await group.innerText(), /0 of 2 here\s+80 queued/);
  assert.equal(await group.locator("meter").getAttribute("value"), "80");
  await lab.scrub(33.5 / 60);
  const [, left] = /1 of 2 here, 20\/s\s+(\d+) left, drains in \d/.exec(await group.innerText());
  assert.ok(Math.abs(Number(left) - 52) <= 3, `${left} left`);
  await lab.scrub(34.7 / 60);
  assert.match(await group.innerText(), /2 of 2 here, 40\/s/);
  await lab.scrub(40 / 60);
  assert.equal((await group.innerText()).replace(/\s+/g, " "), "workers/jobs 2 of 2 here");
});

story("without shared subscriptions nothing is said of them", "v=1&lesson=replay&t=20s", async (lab) => {
  await lab.computed();
  assert.equal(await lab.get("group").count(), 0);
});
