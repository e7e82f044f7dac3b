// A client that is behind: how much waits for it, how fast it leaves, when that is over, and what was lost of it.
import assert from "node:assert/strict";
import { stories } from "../support/lab.mjs";

const { story } = stories();
const LESSON = "v=1&lesson=interrupted";
const dashboard = (lab, test) => lab.get("session", { client: "dashboard" }).locator(`[data-test="${test}"]`);

// [S3] [aws.session.replay-rate]
story("while stored messages leave, the bucket and the end of the queue are told and drawn", `${LESSON}&t=25s`, async (lab) => {
  await lab.computed();
  // 220 were stored; since 18.24 s one has left every tenth of a second.
  assert.match(await dashboard(lab, "gauge").innerText(), /^152 left, drains in 15\.14 s$/);
  assert.match(await dashboard(lab, "bucket").innerText(), /10 a second, the next in 40 ms, empty at 0:40\.140$/);
  const [queue, bucket] = [await lab.inked("--gb-queue"), await lab.inked("--gb-bucket")];
  assert.ok(queue && bucket && bucket.to.y > queue.to.y, "the bucket's strip is under the queue's");
  await lab.scrub(55 / 75);
  assert.match(await dashboard(lab, "bucket").innerText(), /10 a second/, "again after the interruption");
});

// [S3]
story("what expires is told before and after it did", `${LESSON}&t=39s`, async (lab) => {
  await lab.computed();
  assert.equal(await dashboard(lab, "bucket").count(), 0, "nothing leaves while the client is away");
  assert.match(await dashboard(lab, "expiring").innerText(), /^11 of them expire, the next in 540 ms: plant\/forecast/);
  assert.equal(await dashboard(lab, "lost").count(), 0);
  await lab.scrub(47 / 75);
  assert.equal(await dashboard(lab, "expiring").count(), 0);
  assert.match(await dashboard(lab, "lost").innerText(), /^11 lost: the Message Expiry Interval has passed/);
  await dashboard(lab, "lost").locator("button").click();
  await lab.drawn();
  assert.match(await lab.get("inspector").innerText(), /message\.expired.*MQTT-3\.3\.2-5/s);
});

// [S3]
story("the standards hold nothing back, and draw no bucket", `${LESSON}&t=10s`, async (lab) => {
  await lab.computed();
  await lab.get("profile").selectOption("mqtt");
  await lab.scrub(25 / 75);
  await lab.computed();
  assert.equal(await dashboard(lab, "gauge").count(), 0, "all have left");
  assert.equal(await lab.inked("--gb-bucket"), null);
});
